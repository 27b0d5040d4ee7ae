"""Every attack on simpleeval that was measured ends soon, with a diagnostic, without a trace."""

from __future__ import annotations

import ast
import time

import pytest
from simpleeval import InvalidExpression

from sizer.diagnostic import Problem
from sizer.expr.check import compile_condition, compile_message
from sizer.expr.evaluator import Evaluator
from sizer.expr.rows import ROWS
from sizer.expr.source import plain
from sizer.schema.metrics import registry

ATTACKS = {
    "power": "3999999**3999999 > tp",
    "power quotient": "(3**4000000)//(7**1000000) > tp",
    "power remainder": "(3**3000000)%(7**400000) > tp",
    "towers": "9**9**6 > tp",
    "text format": "'%0999999999d' % 1 == gpu",
    "ljust": "'a'.ljust(999999999) == gpu",
    "center": "gpu.center(999999999) == gpu",
    "expandtabs": "'\t'.expandtabs(999999999) == gpu",
    "replace": "('a'*30000).replace('a','b'*30000) == gpu",
    "repeated text": "'a' * 99999 == gpu",
    "to_bytes": "(1).to_bytes(999999999,'big') == gpu",
    "f-string width": "f'{1:0999999999d}' == gpu",
    "nested lists": "[[0]*100000]*100000 == tp",
    "nested comprehension": "[x for x in [[0]*9999]*9999] == tp",
    "subscript": "gpu[0] == 'H'",
    "write a file": "tp.tofile('hacked')",
    "dump": "tp.dump('hacked')",
    "read a file": "open('/etc/hostname').read() == gpu",
    "mutate": "gpu.clear()",
    "class": "''.__class__ == gpu",
    "mro": "str.mro() == gpu",
    "format": "'{0}'.format(tp) == gpu",
    "globals": "fits.bar().gi_frame.f_globals == gpu",
    "import": "__import__('os').system('true') == tp",
    "import statement": "import os",
    "assignment": "tp = 2",
    "two assignments": "x = y = 5",
    "walrus": "(tp := 5) > 3",
    "two statements": "1; 2",
    "two lines": "tp == 1\npp == 2",
    "precedence": "tp & 1 == 1",
    "xor": "tp ^ 2",
    "ellipsis": "...",
    "a type": "str",
    "random": "rand() < 0.5",
    "random int": "randint(9) < tp",
    "infinity": "tp < 1e999",
    "homoglyph": "\uff54p < 1",
    "lambda": "(lambda: fits)()",
    "matrix": "tp @ tp < 1",
    "star": "min(*tp) < 1",
    "await": "await fits",
    "yield": "(yield fits)",
    "shift": "1 << 100000 > tp",
    "many terms": "+".join(["tp"] * 700) + " < 1",
    "many nots": "not " * 900 + "fits",
    "attribute chain": "tp" + ".a" * 1900,
    "minuses": "-" * 90_000 + "tp < 1",
    "few minuses": "-" * 4000 + "tp < 1",
    "parentheses": "(" * 300 + "fits" + ")" * 300,
    "open parentheses": "(" * 4000,
    "many conditions": " and ".join(["fits"] * 100_000),
    "long": "a" * 100_000,
    "huge integer": "9" * 4000 + " > tp",
    "choices": "tp if fits else " * 200 + "tp < 1",
    "calls": "abs(" * 60 + "tp" + ")" * 60 + " < 1",
    "chain": "tp" + " < tp" * 600,
    "nul": "fits\0",
    "surrogate": "gpu == '\ud800'",
    "escape sequence": "gpu == '\x1b[31m'",
    "warning": "0or fits",
    "invalid escape": r"gpu == '\d'",
}


@pytest.mark.parametrize("text", ATTACKS.values(), ids=ATTACKS.keys())
def test_an_attack_is_refused_at_once(text: str) -> None:
    began = time.perf_counter()
    with pytest.raises(Problem) as caught:
        compile_condition(plain(text), registry())
    assert time.perf_counter() - began < 1
    assert all(each.code.startswith("SZ20") for each in caught.value.diagnostics)


@pytest.mark.parametrize(
    "text",
    [
        "{gpu.name}",
        "{gpu[0]}",
        "{gpu!r}",
        "{tp:{pp}}",
        "{tp:0999999999d}",
        "{0}",
        "{}",
        "{gpu:>99}",
    ],
)
def test_a_message_reaches_nothing_but_metrics(text: str) -> None:
    with pytest.raises(Problem):
        compile_message(plain(text), registry())


@pytest.mark.parametrize(
    "text",
    ["x.real", "x[0]", "f'{x}'", "(1, 2)", "[1]", "x if x else y.z", "abs(x.real)", "open('a')"],
)
def test_the_evaluator_has_no_such_nodes_even_when_the_checker_is_passed_by(text: str) -> None:
    evaluator = Evaluator(ROWS, {"x": 1.0}.get)
    with pytest.raises(InvalidExpression):
        evaluator.value(ast.parse(text, mode="eval").body)


def test_the_evaluator_has_no_operators_of_simpleeval() -> None:
    evaluator = Evaluator(ROWS, {"x": 2.0}.get)
    for text in ("x ** x", "x << x", "x & x", "~x"):
        with pytest.raises(InvalidExpression):
            evaluator.value(ast.parse(text, mode="eval").body)
