"""Tables in CSV files, and what is no table."""

from __future__ import annotations

from pathlib import Path

import pytest

from sizer.diagnostic import Problem
from sizer.structure.files.csv_document import open_csv, parse_csv, read_csv


def test_short_rows_are_filled_and_empty_lines_skipped() -> None:
    table = parse_csv("a,b\n1\n\n2,3\n", "t.csv")
    assert table.columns == ("a", "b")
    assert table.rows == (("1", ""), ("2", "3"))


def test_a_byte_order_mark_and_windows_line_ends_are_no_fault(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(b'\xef\xbb\xbfa,b\r\n"x, y",2\r\n')
    assert read_csv(path).rows == (("x, y", "2"),)


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("", "SZ003", 1),
        ("a,a\n", "SZ003", 1),
        ("a,b\n1,2\n1,2,3\n", "SZ003", 3),
        ('a\n"1', "SZ003", 2),
        (",".join(f"c{n}" for n in range(99_999)) + ",c\n" + "x\n" * 11, "SZ004", 12),
    ],
)
def test_what_is_no_table_is_refused_at_its_line(text: str, code: str, line: int) -> None:
    with pytest.raises(Problem) as caught:
        parse_csv(text, "t.csv")
    (found,) = caught.value.diagnostics
    assert found.place is not None
    assert (found.code, found.place.line) == (code, line)


def test_a_file_in_blocks_is_the_table_at_once(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(b'\xef\xbb\xbfa,b\r\n"x,\r\ny",1\r\n\r\nz\r\n3,4\r\n')
    whole, opened = read_csv(path), open_csv(path)
    assert (opened.columns, opened.count) == (whole.columns, 3)
    for size in (1, 2, 3, 7):
        for table in (whole, opened):
            blocks = list(table.blocks(size))
            assert [row for block in blocks for row in block.rows] == list(whole.rows)
            assert [block.first for block in blocks] == list(range(1, 4, size))


def test_a_bad_line_is_found_before_the_first_block(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("a,b\n" + "1,2\n" * 50_000 + "1,2,3\n")
    with pytest.raises(Problem) as caught:
        open_csv(path)
    assert caught.value.diagnostics[0].place.line == 50_002  # type: ignore[union-attr]
