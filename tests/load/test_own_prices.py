from __future__ import annotations

from pathlib import Path

import pytest

from sizer.diagnostic import Diagnostic, Problem
from sizer.load import check, load
from sizer.load.question.question import Question
from sizer.pipeline import size
from sizer.render.report import gpu_price
from sizer.schema.answered.assumption import UnknownPrice
from sizer.schema.facts.price import Price, Terms

PROFILE = """dsl = 1
[[models]]
name = "Qwen/Qwen2.5-7B"
[fleet]
gpus = ["H100", "L4"]
prices = [{files}]
{more}
"""
TABLE = """[[prices]]
gpu = "H100"
provider = "ours"
usd_per_gpu_hour = 1.5
as_of = 2026-11-01

[[prices]]
gpu = "H100"
provider = "ours"
term = "spot"
region = "hall-2"
usd_per_gpu_hour = 0.5
as_of = 2026-11-01
"""
CSV = """gpu,provider,usd_per_gpu_hour,as_of,region,term,comment
H100,ours,1.5,2026-11-01,,,ordered in May
H100,ours,0.5,2026-11-01,hall-2,spot,
"""


RANGE = "median of 5: 0.380 (seeweb) to 0.805 (aws); 3 undated"


def profile(folder: Path, more: str = "", **files: str) -> Path:
    (folder / ".git").mkdir(exist_ok=True)
    names = []
    for stem, text in files.items():
        name = stem.replace("_", ".")
        (folder / name).write_text(text)
        names.append(f'"{name}"')
    path = folder / "profile.toml"
    path.write_text(PROFILE.format(files=", ".join(names) or '"own.toml"', more=more))
    return path


def faults(path: Path) -> list[tuple[str, str]]:
    with pytest.raises(Problem) as caught:
        load(path)
    return [(each.code, str(each.message)) for each in caught.value.diagnostics]


def notes(path: Path) -> tuple[str, ...]:
    return tuple(map(gpu_price, size(path).prices))


@pytest.mark.parametrize("files", [{"own_toml": TABLE}, {"own_csv": CSV}])
def test_own_prices_go_before_the_catalogs(tmp_path: Path, files: dict[str, str]) -> None:
    path = profile(tmp_path, **files)
    question: Question = load(path)
    assert question.prices.prices == (
        Price("H100-SXM5-80GB", "ours", 1.5, "2026-11-01"),
        Price("H100-SXM5-80GB", "ours", 0.5, "2026-11-01", region="hall-2", term="spot"),
    )
    assert notes(path) == (
        "H100-SXM5-80GB: 1.500 USD/h (ours, 2026-11-01)",
        f"L4: 0.490 USD/h (runpod, undated), {RANGE}",
    )


@pytest.mark.parametrize(
    ("more", "first", "second"),
    [
        ('provider = "ours"', "1.500 USD/h (ours, 2026-11-01)", "unknown"),
        (
            'term = "spot"\nregion = "hall-2"',
            "0.500 USD/h (ours, hall-2, spot, 2026-11-01)",
            "unknown",
        ),
        (
            'term = "spot"\nprovider = "gcp"\nregion = "us-central1"',
            "6.326 USD/h (gcp, us-central1, spot, 2026-08-03)",
            "0.397 USD/h (gcp, us-central1, spot, 2026-08-03)",
        ),
        (
            'term = "spot"\nregion = "hall-2"\nprovider = "ours"',
            "0.500 USD/h (ours, hall-2, spot, 2026-11-01)",
            "unknown",
        ),
        (
            'provider = "aws"\nregion = "us-east-1"',
            "6.880 USD/h (aws, us-east-1, 2026-07-20)",
            "0.805 USD/h (aws, us-east-1, 2026-07-20)",
        ),
        ('term = "reserved"', "unknown", "unknown"),
    ],
)
def test_terms_choose_among_prices(tmp_path: Path, more: str, first: str, second: str) -> None:
    path = profile(tmp_path, more, own_toml=TABLE)
    assert notes(path) == (f"H100-SXM5-80GB: {first}", f"L4: {second}")


def test_an_unknown_price_says_on_which_terms(tmp_path: Path) -> None:
    path = profile(tmp_path, 'term = "spot"\nprovider = "ours"\nregion = "hall-2"', own_csv=CSV)
    terms = Terms("ours", "hall-2", "spot")
    assert UnknownPrice("L4", terms) in size(path).assumptions


def test_a_custom_accelerator_has_its_own_row(tmp_path: Path) -> None:
    custom = '[[fleet.custom]]\nname = "rack-7"\nlike = "A100"\n'
    custom += "memory_gb = 80.0\nmemory_bandwidth_gb_s = 2039.0"
    rows = TABLE.replace(
        'gpu = "H100"\nprovider = "ours"\nusd', 'gpu = "rack-7"\nprovider = "x"\nusd'
    )
    path = profile(tmp_path, custom, own_toml=rows)
    assert notes(path)[-1] == "rack-7: 1.500 USD/h (x, 2026-11-01)"
    path = profile(tmp_path, custom, own_toml=TABLE)
    assert notes(path)[-1].startswith("rack-7: 2.790 USD/h")


def test_of_several_regions_of_one_provider_the_cheapest_counts(tmp_path: Path) -> None:
    rows = TABLE.replace('term = "spot"\n', "")
    path = profile(tmp_path, 'provider = "ours"', own_toml=rows)
    assert notes(path)[0] == "H100-SXM5-80GB: 0.500 USD/h (ours, hall-2, 2026-11-01)"


def test_every_fault_of_a_price_file_has_its_place(tmp_path: Path) -> None:
    rows = TABLE.replace("2026-11-01", '"2026-11-01"', 1).replace("0.5", "-0.5")
    rows = rows.replace('term = "spot"', 'term = "sport"')
    with pytest.raises(Problem) as caught:
        load(profile(tmp_path, own_toml=rows))
    found = [(each.place.line if each.place else None, each) for each in caught.value.diagnostics]
    assert [(line, each.code) for line, each in found] == [
        (5, "SZ101"),
        (10, "SZ104"),
        (12, "SZ104"),
    ]
    assert all(each.place and each.place.file.endswith("own.toml") for _, each in found)


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("gpu,provider\n", "SZ102", "no column 'as_of'"),
        (CSV.replace("1.5", "cheap"), "SZ104", "usd_per_gpu_hour: must be a number, not 'cheap'"),
        (CSV.replace("1.5", ""), "SZ102", "usd_per_gpu_hour is missing: the row has no price"),
        (CSV.replace("spot", "sport"), "SZ104", "term: must be "),
        (CSV.replace("hall-2,spot", ","), "SZ104", "H100 from ours stands twice"),
        (CSV.replace("2026-11-01", "2026-13-01"), "SZ104", "as_of: must be a date like 2027-01-31"),
        ('a,"b\n', "SZ003", "CSV: "),
    ],
)
def test_faults_of_a_table_of_prices(tmp_path: Path, text: str, code: str, said: str) -> None:
    found = faults(profile(tmp_path, own_csv=text))
    assert found[0][0] == code
    assert found[0][1].startswith(said)


def test_a_misspelt_accelerator_is_a_warning(tmp_path: Path) -> None:
    question = load(profile(tmp_path, own_csv=CSV.replace("H100,ours,0.5", "H1000,ours,0.5")))
    (note,) = question.notes
    assert isinstance(note, Diagnostic)
    assert (note.code, note.severity) == ("SZ701", "warning")


def test_a_price_file_is_of_the_same_repository(tmp_path: Path) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    (tmp_path / "own.toml").write_text(TABLE)
    path = profile(inner)
    assert faults(path)[0][0] == "SZ501"
    path.write_text(path.read_text().replace("own.toml", "../own.toml"))
    assert faults(path)[0][0] == "SZ503"
    path.write_text(path.read_text().replace("../own.toml", str(tmp_path / "own.toml")))
    assert faults(path)[0][0] == "SZ503"


@pytest.mark.parametrize(("key", "near"), [("provider", "ours"), ("region", "hall-2")])
def test_a_misspelt_seller_is_refused(tmp_path: Path, key: str, near: str) -> None:
    with pytest.raises(Problem) as caught:
        load(profile(tmp_path, f'{key} = "{near}x"', own_toml=TABLE))
    (fault,) = caught.value.diagnostics
    assert (fault.code, fault.help) == ("SZ704", f"did you mean {near!r}?")


def test_a_price_file_is_checked_by_itself(tmp_path: Path) -> None:
    path = tmp_path / "prices.toml"
    path.write_text(TABLE.replace('"H100"', '"rack-7"'))
    assert check([path]).found == ()
    path.write_text(TABLE.replace("0.5", '"0.5"').replace('term = "spot"\nregion = "hall-2"\n', ""))
    found = check([path]).found
    assert [(each.code, each.place and each.place.line) for each in found] == [
        ("SZ104", 8),
        ("SZ101", 10),
    ]
