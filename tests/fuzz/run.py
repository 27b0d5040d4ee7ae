"""Fuzz every kind of input for some minutes: `python tests/fuzz/run.py --minutes 10`.

Prints how many inputs of each kind ran, and the smallest input of each fault, which it also keeps
in tests/fuzz/kept/ for the tests. Ends with 1 if there was a fault.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
import traceback
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Callable, Iterable
from hashlib import sha256
from itertools import count
from multiprocessing import get_context
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent), str(HERE.parents[1])]
_NOWHERE = tempfile.mkdtemp(prefix="sizer-fuzz-")
os.environ.update(
    HF_HUB_OFFLINE="1", HF_HOME=_NOWHERE, SIZER_CACHE_DIR=str(Path(_NOWHERE, "cache"))
)

from fuzz_limits import limit_memory, within  # noqa: E402  # the path comes first
from fuzz_targets import TARGETS, Target  # noqa: E402  # the same
from hypothesis import HealthCheck, Phase, given, seed, settings  # noqa: E402  # the same

KEPT = HERE / "kept"
BATCH = 500


def tried(target: Target, value: Any) -> None:
    """Give a target one input, within its limits."""
    with tempfile.TemporaryDirectory(prefix="sizer-fuzz-") as made, within(target.limit_s(value)):
        target.run(value, Path(made))


def batch(target: Target, number: int, examples: int, counts: Counter[str]) -> Any | None:
    """Try some inputs of a target; return the smallest one that ends in a fault, if any does."""
    failed: list[tuple[Any, str]] = []

    def check(value: Any) -> None:
        counts[target.name] += 1
        try:
            tried(target, value)
        except (Exception, SystemExit):
            failed[:] = [(value, traceback.format_exc())]
            raise

    run: Callable[[], None] = settings(
        max_examples=examples,
        deadline=None,
        database=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
        print_blob=False,
    )(seed(number)(given(target.inputs)(check)))
    try:
        run()
    except (Exception, SystemExit) as fault:  # noqa: BLE001  # whatever it is, it is what was looked for
        value, told = failed[0]
        print(f"{target.name}: {type(fault).__name__}: {str(fault)[:300]}\n  {value!r:.600}")
        print(told)  # a fault that does not come again is only told here
        return value
    return None


def keep(target: Target, value: Any) -> None:
    """Keep an input for the tests."""
    text = ascii(value)
    digest = sha256(text.encode("ascii")).hexdigest()[:12]
    KEPT.joinpath(f"{target.name}-{digest}.txt").write_text(text + "\n", "ascii")


def limited(name: str, number: int, examples: int) -> tuple[Any | None, int]:
    """Run a batch in this process, within the limits; return its fault and how many inputs ran."""
    limit_memory()
    counts = Counter[str]()
    return batch(TARGETS[name], number, examples, counts), counts[name]


def warm_up(targets: Iterable[Target]) -> None:
    """Load what the targets load, which is no input's memory."""
    for target in targets:
        batch(target, 0, 1, Counter[str]())


def main() -> int:
    """Fuzz until the time is over, the kinds in turn."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--kind", choices=sorted(TARGETS), action="append")
    parser.add_argument("--examples", type=int, help="so many of each kind, instead of a time")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    targets = [TARGETS[name] for name in asked.kind or TARGETS]
    warm_up(targets)
    ends, counts, faults = time.monotonic() + asked.minutes * 60, Counter[str](), 0
    pool = get_context("fork").Pool(1, maxtasksperchild=1)  # no batch fills another's memory
    with pool as alone:
        for number in count(asked.seed):
            for target in targets:
                left = BATCH if asked.examples is None else asked.examples - counts[target.name]
                if left <= 0 or (asked.examples is None and time.monotonic() > ends):
                    continue
                wrong, ran = alone.apply(limited, (target.name, number, min(BATCH, left)))
                counts[target.name] += ran
                if wrong is not None:
                    faults += 1
                    keep(target, wrong)
            over = time.monotonic() > ends
            done = all(counts[each.name] >= (asked.examples or 0) for each in targets)
            if over if asked.examples is None else done:
                break
    for name, ran in counts.items():
        print(f"{name}: {ran:,} inputs")
    print(f"{sum(counts.values()):,} inputs, {faults} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
