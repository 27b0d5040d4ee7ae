import pytest

from sizer.diagnostic import Diagnostic, Problem
from sizer.schema.asked.profile import Profile
from sizer.structure.shape.profile import structure_profile
from sizer.structure.toml.document import parse_document

GOOD = "dsl = 1\nmodels = [{name = 'm'}]\nfleet.gpus = 'T4'\n"


def faults(text: str) -> list[Diagnostic]:
    with pytest.raises(Problem) as caught:
        structure_profile(parse_document(text, "p.toml"))
    return list(caught.value.diagnostics)


def only(line: str) -> Diagnostic:
    (found,) = faults(GOOD + line)
    assert found.place
    assert found.place.line == 4
    return found


def profile(line: str) -> Profile:
    return structure_profile(parse_document(GOOD + line, "p.toml"))


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("workload.concurrency = '8'", "concurrency must be a whole number, not the text '8'"),
        ("workload.concurrency = true", "concurrency must be a whole number, not true"),
        ("workload.concurrency = 8.7", "concurrency must be a whole number, not 8.7"),
        ("workload.concurrency = 8.0", "concurrency must be a whole number, not 8"),
        ("workload.concurrency = {}", "concurrency must be a whole number, not a table"),
        ("workload.concurrency = [[8]]", "concurrency must be a whole number, not a list"),
        ("workload.concurrency = 1979-05-27", "must be a whole number, not a date or time"),
        ("engine.gpu_memory_utilization = '1'", "must be a number, not the text '1'"),
        ("engine.gpu_memory_utilization = true", "must be a number, not true"),
        ("engine.static_batching = 1", "static_batching must be true or false, not 1"),
        ("description = 3", "description must be a text, not 3"),
        ("engine = 'vllm'", "engine must be a table, not the text 'vllm'"),
        ("engine.name = 1", "name must be a text, not 1"),
        ("rule = {}", "rule must be a list of tables, not a table"),
        ("rule = [3]", "rule must be a table, not 3"),
        ("select.limit = 07:32:00", "limit must be a whole number, not a date or time"),
    ],
)
def test_another_type_is_refused(line: str, message: str) -> None:
    found = only(line)
    assert found.code == "SZ101"
    assert message in found.message


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("workload.concurrency = 0", "concurrency must be at least 1, not 0"),
        ("workload.concurrency = []", "concurrency must not be empty"),
        ("workload.concurrency = [1, 8, 1]", "concurrency lists 1 twice"),
        ("workload.request_rate = 0.0", "request_rate must be above 0, not 0"),
        ("workload.request_rate = nan", "request_rate must be a finite number, not nan"),
        ("workload.request_rate = -inf", "request_rate must be a finite number, not -inf"),
        ("workload.request_rate = 1e999", "request_rate must be a finite number, not inf"),
        ("workload.max_context = 99999999999999999999", "max_context must be at most 2**53"),
        (f"engine.gpu_memory_utilization = {'9' * 400}", "must be a finite number, not more"),
        ("engine.gpu_memory_utilization = 1.01", "must be at most 1, not 1.01"),
        (
            "engine.name = 'vlm'",
            (
                "name must be 'vllm', 'sglang', 'trtllm', 'llamacpp', 'tei', 'infinity' or "
                "'generic', not"
            ),
        ),
        ("description = ' '", "description must not be empty"),
        ('description = "\\u001b[31m"', "description must hold printable characters only"),
    ],
)
def test_an_impossible_value_is_refused(line: str, message: str) -> None:
    found = only(line)
    assert found.code == "SZ104"
    assert message in found.message


@pytest.mark.parametrize("version", ["2", "0"])
def test_another_version_of_the_format_is_refused(version: str) -> None:
    (found,) = faults(GOOD.replace("dsl = 1", f"dsl = {version}"))
    assert (found.code, found.message) == ("SZ104", f"dsl must be 1, not {version}")


@pytest.mark.parametrize("version", ["true", "1.0", "'1'"])
def test_a_version_of_another_type_is_refused(version: str) -> None:
    assert faults(GOOD.replace("dsl = 1", f"dsl = {version}"))[0].code == "SZ101"


@pytest.mark.parametrize(
    ("line", "help_"),
    [
        ("workload.concurency = 1", "did you mean 'concurrency'?"),
        ("concurrency = 1", "it belongs to [workload]"),
        ("memory_gb = 1", "it belongs to [[fleet.custom]]"),
        ("zzz = 1", "keys here: dsl, description, extends, params"),
    ],
)
def test_an_unknown_key_is_refused(line: str, help_: str) -> None:
    found = only(line)
    assert found.code == "SZ103"
    assert (found.help or "").startswith(help_)


def test_a_misspelt_key_is_not_missing_too() -> None:
    found = faults(GOOD.replace("name", "nmae"))
    assert [each.code for each in found] == ["SZ103"]


def test_an_empty_file_misses_what_every_question_needs() -> None:
    found = faults("")
    assert {each.code for each in found} == {"SZ102"}
    assert sorted(each.message for each in found) == [
        "missing key 'dsl'",
        "missing key 'models'",
    ]
    assert {(each.help or "").partition(": ")[0] for each in found} == {
        "write `dsl = 1`",
        "begin one with [[models]]",
    }


def test_two_tables_of_one_name_are_refused() -> None:
    found = only("rule = [{id = 'a', require = 'fits'}, {id = 'a', require = 'tp < 2'}]")
    assert (found.code, found.message) == ("SZ104", "id 'a' stands in two tables")
    assert found.place
    assert found.place.excerpt
    assert found.place.column == found.place.excerpt.rindex("'a'") + 1


def test_lone_values_are_lists_of_one() -> None:
    found = profile("workload.concurrency = 8\nselect.where = 'fits'\n")
    assert found.workload.concurrency == (8,)
    assert found.select.where == ("fits",)
    assert found.fleet.gpus == ("T4",)


def test_no_conditions_are_a_choice() -> None:
    assert profile("select.where = []").select.where == ()


def test_a_whole_number_may_stand_for_a_fraction() -> None:
    utilization = profile("engine.gpu_memory_utilization = 1").engine.gpu_memory_utilization
    assert (utilization, type(utilization)) == (1.0, float)


def test_a_request_rate_excludes_a_concurrency() -> None:
    found = only("workload = {request_rate = 1, concurrency = 1}")
    assert (found.code, found.message) == ("SZ104", "request_rate excludes concurrency")


def test_all_faults_are_found_at_once_in_order() -> None:
    text = GOOD + "[workload]\ninput_tokens = '1'\noutputtokens = 3\n[[rule]]\nlevel = 'eror'\n"
    found = faults(text)
    assert [each.code for each in found] == ["SZ101", "SZ103", "SZ102", "SZ102", "SZ104"]
    lines = [each.place.line for each in found if each.place]
    assert lines == sorted(lines)
