import os
from pathlib import Path

import pytest

from sizer.diagnostic import Diagnostic, Place, Problem
from sizer.structure.toml.document import Document, parse_document, read_document


def fault(path: Path) -> Diagnostic:
    with pytest.raises(Problem) as caught:
        read_document(path)
    (found,) = caught.value.diagnostics
    return found


def of_text(text: str) -> Diagnostic:
    with pytest.raises(Problem) as caught:
        parse_document(text, "p.toml")
    (found,) = caught.value.diagnostics
    return found


def written(folder: Path, content: bytes) -> Path:
    path = folder / "p.toml"
    path.write_bytes(content)
    return path


def marked(document: Document, place: Place | None) -> str:
    assert place
    assert place.line
    assert place.column
    line = document.text.split("\n")[place.line - 1]
    return line[place.column - 1 : place.column - 1 + place.width]


def test_a_missing_file_suggests_its_neighbour(tmp_path: Path) -> None:
    (tmp_path / "quickstart.toml").touch()
    found = fault(tmp_path / "quikstart.toml")
    assert (found.code, found.message) == ("SZ001", "no such file")
    assert found.help == "did you mean 'quickstart.toml'?"
    assert fault(tmp_path / "nope.toml").help is None


def test_a_directory_is_not_read(tmp_path: Path) -> None:
    assert (fault(tmp_path).code, fault(tmp_path).message) == ("SZ001", "this is a directory")


def test_a_pipe_is_not_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert fault(tmp_path / "pipe").message == "this is not a regular file"


def test_a_path_through_a_file_is_no_file(tmp_path: Path) -> None:
    assert fault(written(tmp_path, b"") / "more.toml").code == "SZ001"


def test_a_name_that_is_too_long_is_no_file(tmp_path: Path) -> None:
    assert fault(tmp_path / ("x" * 5000)).code == "SZ001"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_says_so(tmp_path: Path) -> None:
    path = written(tmp_path, b"")
    path.chmod(0)
    assert "permission" in fault(path).message


def test_a_bad_byte_is_found_at_its_character(tmp_path: Path) -> None:
    found = fault(written(tmp_path, "a = 1\nb = 'é".encode() + b"\xff'"))
    assert (found.code, found.message) == ("SZ002", "not UTF-8: byte 14 is 0xff")
    assert found.place
    assert (found.place.line, found.place.column) == (2, 7)


@pytest.mark.parametrize("content", [b"\x7fELF\x02\x01\x00\x00", "a = 1".encode("utf-16")])
def test_binary_files_and_other_encodings_are_no_text(tmp_path: Path, content: bytes) -> None:
    assert fault(written(tmp_path, content)).code == "SZ002"


def test_ten_megabytes_are_not_read(tmp_path: Path) -> None:
    found = fault(written(tmp_path, b"# filler\n" * 1_200_000))
    assert found.code == "SZ004"
    assert found.message == "too large: 10,800,000 bytes; at most 1,048,576 are read"


def test_a_file_of_one_mebibyte_is_read(tmp_path: Path) -> None:
    assert read_document(written(tmp_path, b"#" * 2**20)).data == {}


@pytest.mark.parametrize(
    "text",
    [
        "x = " + "[" * 100_000,
        "x = " + "[" * 40 + "]" * 40,
        "x = " + "{a=" * 40 + "1" + "}" * 40,
        ".".join(["a"] * 100_000) + " = 1",
        "[" + ".".join(["'a'"] * 40) + "]",
    ],
)
def test_deep_nesting_is_refused_at_its_place(text: str) -> None:
    found = of_text(text)
    assert (found.code, found.message) == ("SZ004", "nested more than 32 deep")


def test_brackets_and_dots_in_texts_are_not_nesting() -> None:
    text = f"a = '{'[' * 50}'\nb = '''{'{' * 50}\n'''\n# {'[' * 50}\nc = \"{'.' * 50}\"\n"
    text += "d = [" + ", ".join(["1.5"] * 50) + "]\n"
    assert set(parse_document(text, "p.toml").data) == {"a", "b", "c", "d"}


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("a = 1\nb = vllm\n", 2, 5),
        ("a = 1\na = 2\n", 2, 6),
        ('a = "x\nb = 2', 1, 7),
        ("a = 1\r\nb 2\r\n", 2, 3),
        ("a = [1,\n", 1, 8),
        ("a = \x1b", 1, 5),
    ],
)
def test_bad_toml_is_found_at_its_character(text: str, line: int, column: int) -> None:
    found = of_text(text)
    assert found.code == "SZ003"
    assert found.place
    assert (found.place.line, found.place.column) == (line, column)


def test_excerpts_hold_no_control_characters() -> None:
    found = of_text("a = \x1b[31m")
    assert found.place
    assert found.place.excerpt == "a = \N{REPLACEMENT CHARACTER}[31m"


def test_a_number_beyond_pythons_digits_is_bad_toml() -> None:
    found = of_text("a = 1\nb = " + "9" * 5000)
    assert (found.code, found.message) == ("SZ003", "this number has too many digits")
    assert found.place
    assert (found.place.line, found.place.column) == (2, 5)


def test_a_byte_order_mark_is_accepted_and_not_counted(tmp_path: Path) -> None:
    document = read_document(written(tmp_path, b"\xef\xbb\xbfdsl = 1"))
    assert document.place(("dsl",)) == Place(str(tmp_path / "p.toml"), 1, 7, 1, "dsl = 1")


def test_carriage_returns_do_not_move_places() -> None:
    document = parse_document('a = """\r\none\r\ntwo"""\r\nb = 2\r\n', "p.toml")
    text, place = document.source(("a",)) or ("", None)
    assert text == "one\ntwo"
    assert place
    assert place(4, 7) == Place("p.toml", 3, 1, 3, 'two"""')
    assert document.place(("b",), key=True) == Place("p.toml", 4, 1, 1, "b = 2")


def test_an_absent_value_stands_where_its_table_does() -> None:
    document = parse_document("[a]\nb = {}\n[[c]]\nd = 1\n", "p.toml")
    assert marked(document, document.place(("a", "x", "y"))) == "a"
    assert marked(document, document.place(("a", "b", "x"))) == "b"
    assert marked(document, document.place(("c", 0, "x"))) == "c"
    assert document.place(("x",)) == Place("p.toml", 1)


def test_a_lone_value_stands_for_a_list_of_one() -> None:
    document = parse_document("[select]\nwhere = 'fits'\n", "p.toml")
    keys = ("select", "where", 0)
    assert marked(document, document.place(keys)) == "'fits'"
    text, place = document.source(keys) or ("", None)
    assert text == "fits"
    assert place
    assert marked(document, place(0, 4)) == "fits"


def test_what_is_no_text_has_no_source() -> None:
    document = parse_document("a = 3\nb = [1]", "p.toml")
    assert document.source(("a",)) is None
    assert document.source(("b", 4)) is None
    assert document.source(("c", "d")) is None


def test_a_span_ends_with_its_line() -> None:
    document = parse_document('a = """x\ny"""', "p.toml")
    place = document.place(("a",))
    assert place
    assert (place.line, place.column, place.width) == (1, 5, 4)
