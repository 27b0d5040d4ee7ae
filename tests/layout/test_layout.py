"""What the layout is, and what it never touches."""

from __future__ import annotations

from pathlib import Path

import pytest

from sizer.structure.toml.document import parse_document, read_document

pytest.importorskip("tree_sitter_toml", reason="the formatter's grammar is not installed")

from sizer.layout import formatted

ROOT = Path(__file__).parents[2]
LONG = ", ".join(f'"{letter * 20}"' for letter in "abcde")


def laid_out(text: str) -> str:
    return formatted(parse_document(text, "profile.toml"))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a=1", "a = 1\n"),
        ('"a b" . c  =  1', '"a b".c = 1\n'),
        ("a = 1 #  one \n", "a = 1 #  one\n"),
        ("\n\n  # top\n\n\n\na = 1\n\n\n", "# top\n\na = 1\n"),
        ("a = 1\n\n\nb = 2\nc = 3", "a = 1\n\nb = 2\nc = 3\n"),
        ("[ a . b ] # c\n\nx = 1", "[a.b] # c\nx = 1\n"),
        ("x = 1\n[a]\n[[ b ]]", "x = 1\n\n[a]\n\n[[b]]\n"),
        ("x = 1\n# of a\n# too\n[a]", "x = 1\n\n# of a\n# too\n[a]\n"),
        ("x = 1\n# of x\n\n[a]", "x = 1\n# of x\n\n[a]\n"),
        (
            "x = 1\n# first\n# of a\n[a]\ny = 2\n# end",
            "x = 1\n\n# first\n# of a\n[a]\ny = 2\n# end\n",
        ),
        ("a = 'x'", 'a = "x"\n'),
        ("a = 'say \"x\"'\nb = 'c\\d'", "a = 'say \"x\"'\nb = 'c\\d'\n"),
        ('a = """\n  x\n"""', 'a = """\n  x\n"""\n'),
        ("a = '''\n  x\n'''", "a = '''\n  x\n'''\n"),
        (
            "a = 1_000\nb = 0xFF\nc = 1979-05-27 07:32:00",
            "a = 1_000\nb = 0xFF\nc = 1979-05-27 07:32:00\n",
        ),
        ("a = [ 1,2 ]", "a = [1, 2]\n"),
        ("a = [\n1,\n2 ]", "a = [1, 2]\n"),
        ("a = [1,2,]", "a = [\n    1,\n    2,\n]\n"),
        ("a = []\nb = [ [ ] ]\nc = {}", "a = []\nb = [[]]\nc = {}\n"),
        ("a = [[1,],2]", "a = [\n    [\n        1,\n    ],\n    2,\n]\n"),
        ("a = {b=1,c=[1,2],d='x'}", 'a = { b = 1, c = [1, 2], d = "x" }\n'),
        (
            "a = [ # of a\n1 # one\n# own\n\n\n, 2 ]",
            "a = [ # of a\n    1, # one\n    # own\n    2,\n]\n",
        ),
        ("a = [1,\n\n\n2, # b\n]", "a = [\n    1,\n\n    2, # b\n]\n"),
        ("a = [ # none\n]", "a = [ # none\n]\n"),
        ("a = {b = [1, # one\n2]}", "a = { b = [\n    1, # one\n    2,\n] }\n"),
        (f"a = [{LONG}]", "a = [\n" + "".join(f"    {x},\n" for x in LONG.split(", ")) + "]\n"),
        ("", ""),
        ("# alone", "# alone\n"),
        ("\ufeffa = 1\r\nb = 2\r\n", "a = 1\nb = 2\n"),
    ],
)
def test_the_layout(before: str, after: str) -> None:
    assert laid_out(before) == after
    assert laid_out(after) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('[select]\nwhere="latency_ms<10"', '[select]\nwhere = "latency_ms < 10"\n'),
        ("[select]\nwhere=['fits','tp in(1,2)']", '[select]\nwhere = ["fits", "tp in (1, 2)"]\n'),
        ('[select]\nsort="cost   then  tp"', '[select]\nsort = "cost then tp"\n'),
        ("[[rule]]\nrequire='gpu==\"L4\"'", "[[rule]]\nrequire = 'gpu == \"L4\"'\n"),
        ('[[rule]]\nrequire="gpu==\\"L4\\""', '[[rule]]\nrequire = "gpu==\\"L4\\""\n'),
        ('[[rule]]\nrequire="""\ntp<1\n"""', '[[rule]]\nrequire = """\ntp<1\n"""\n'),
        ('[[rule]]\nrequire="tp<"\nid="a<b"', '[[rule]]\nrequire = "tp <"\nid = "a<b"\n'),
        ('[[rule]]\nmessage="{tp}<1"', '[[rule]]\nmessage = "{tp}<1"\n'),
        ("rule = 1\nselect = [1]", "rule = 1\nselect = [1]\n"),
    ],
)
def test_expressions_have_the_usual_spaces(before: str, after: str) -> None:
    assert laid_out(before) == after
    assert laid_out(after) == after


@pytest.mark.parametrize(
    "path", [*(ROOT / "profiles").glob("*.toml"), *(ROOT / "rules").glob("*.toml")], ids=str
)
def test_what_we_ship_is_in_the_layout(path: Path) -> None:
    document = read_document(path)
    assert formatted(document) == document.text


def test_rather_no_layout_than_another_meaning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sizer.layout.laid_out", lambda _: "a = 2\n")
    with pytest.raises(ValueError, match=r"would change what profile.toml says"):
        laid_out("a = 1")
