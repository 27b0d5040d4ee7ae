"""Every sentence of the checker, to the letter; SIZER_UPDATE_GOLDEN=1 writes them anew."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from types import MappingProxyType

from sizer.diagnostic import Place, Problem, shown
from sizer.expr.check.check import compile_condition, compile_message, compile_sort
from sizer.expr.text.source import Source
from sizer.schema.asked.parameter import Names, Parameter
from sizer.schema.metrics import registry

GOLDEN = Path(__file__).with_name("words.txt")
PARAMETERS = {
    each.name: each
    for each in (
        Parameter("limit_ms", 10.0),
        Parameter("share", 0.5),
        Parameter("home", "L4"),
        Parameter("strict", True),
    )
}
NAMES: Names = MappingProxyType({**registry(), **PARAMETERS})

CONDITIONS = """\
latencyms < 10 and maxx(tp, 2) < 3 and gpu.name == 'a'
latencyms < 10ms
tp = 1
tp := 1
tp < 1 AND gpus < 2
tp <
latencyms <
latencyms.nope <
latencyms nope
nopes == b'a' and maxx(tp) <
(tp)fits
tp < 1)
(tp < 1
tp < 1 tp
tp < é
'open
tp < 1 # why
tp < 1 && fits
tp < 1 || ! fits
tp <> 1 or tp => 1 or tp =< 1
tp ? 1 -> 2 ; $tp `tp` \\
gpu == 'a\\n'
gpu == 'a' 'b'
gpu == b'a'
tp < 9e999
tp < 10kib
tp < 1or fits
tp
gpu
1 < 2
fits or 1 == 1
not true
None == tp
min == 1
min(1)
abs(1, 2) < tp
coalesce(tp) < 1
nope(1) < tp
tp(1) < 2
limit_ms(1) < 2
is_known(tp, x=1)
min(tp, gpu) < 2
min(fits, fits) == fits
min(itl_ms, cost) < 2
log2(gpu) < 2
coalesce(fits, tp) == fits
coalesce(itl_ms, cost) < 3
itl_ms < cost
itl_ms < tp
max_concurrency >= concurrency
tokens_per_second_per_user > tokens_per_second_per_gpu
tp < itl_ms
1 + itl_ms < cost
itl_ms + 1 < cost
2 - 1 < cost + itl_ms
itl_ms % cost < 1
log2(itl_ms) < cost
(itl_ms if fits else 2) < cost
(2 if fits else itl_ms) < cost
itl_ms * gpus < cost
itl_ms / itl_ms < cost
1 / itl_ms < cost
3 * gpus * itl_ms < gpu_memory_gb
-itl_ms < gpu_memory_gb
limit_ms < cost
itl_ms in (limit_ms, 3, cost)
gpus in (limit_ms, share)
gpu in (home, 'T4')
itl_ms < gpu
fits < 3
fits == 3
fits < is_moe
gpu > 'a'
gpu == model
'a' == 'b'
attention == 'gqqa'
attention == 'x'
attention in ('mha', 'gqqa', 'x')
attention in ('mha', 3, true)
gpu in 'L4'
gpu in ()
fits in (true, false)
tp in (1, 2) == fits
tp in (1, tp)
tp in (1, -true)
tp & pp | ep ^ gpus
~fits
tp ** 2 << 1 >> 2 @ 3
tp is 1 and tp is not 2
lambda: fits
[tp for tp in (1,)] or {tp: 1} or {1} or (tp, pp) or [1]
f'{tp}' == gpu
gpu[0] == 'a'
min(1, *tp) < 1
(tp := 1) < 2
gpu + 'a' == 'b'
-fits < 1
not tp
fits and tp
tp if gpu else 2
(tp if fits else gpu) == 2
... == tp
await fits
strict and tp
home == tp
"""
DEEP = ("(" * 60 + "tp" + ")" * 60 + " < 1", " ".join(["not"] * 60) + " fits", "-" * 60 + "tp < 1")
LARGE = ("tp < 1 or " * 300 + "fits", "fits and " * 600 + "fits", "x" * 4097)
SORTS = (
    *("", "then cost", "cost then", "cost tp", "cost desc tp", "tp then tp", "costs", "-cost"),
    *("cost, tp", "share", "limit_ms desc then nope", "cost then then tp", "_x", "c" * 4097),
)
MESSAGES = (
    *("{", "a } b", "{}", "{gpu.name}", "{latencyms}", "{gpu:.1f}", "{tp:q}", "{tp!r}", "{home:d}"),
    *("{fits:d} {nope} {{", "x" * 4097),
)


def told(check: Callable[[Source, Names], object], text: str) -> str:
    def place(start: int, end: int) -> Place:
        return Place("-", 1, start + 1, end - start, text if len(text) < 100 else None)

    try:
        check(Source(text, place), NAMES)
    except Problem as problem:
        return "\n".join(shown(each) for each in problem.diagnostics)
    return f"well: {text}"


def sentences() -> Iterator[str]:
    for text in (*CONDITIONS.splitlines(), "", "gpu == 'a\x07'", "tp\xa0< 1", *DEEP, *LARGE):
        yield told(compile_condition, text)
    for text in SORTS:
        yield told(compile_sort, text)
    for text in MESSAGES:
        yield told(compile_message, text)


def test_every_fault_is_told_as_before() -> None:
    text = "\n\n".join(sentences()) + "\n"
    if os.environ.get("SIZER_UPDATE_GOLDEN"):
        GOLDEN.write_text(text, "utf-8")
    assert text == GOLDEN.read_text("utf-8")
