"""Tests of rules as JUnit XML: one suite a file, one case a case, and one for the coverage."""

from __future__ import annotations

from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from sizer.render.findings.text import written
from sizer.render.kit.look import Look
from sizer.render.kit.plain import plain
from sizer.render.trials.counts import counts
from sizer.render.trials.text import DIFFERS, difference
from sizer.schema.answered.trial import Suite, Tested, Trial

PROGRAM = "sizer test"
COVERAGE = "coverage"


def render(tested: Tested, _: Look) -> str:
    """Return all cases; the last one fails where less is shown than is demanded."""
    lines = [line for suite in tested.suites for line in _suite(suite)]
    low = not tested.enough
    failures = sum(not trial.holds for trial in tested.trials) + low
    head = _counted("testsuites", PROGRAM, len(tested.trials) + 1, failures)
    told = [written(each) for each in tested.missing]
    return "\n".join(
        (
            '<?xml version="1.0" encoding="UTF-8"?>',
            f"<{head}>",
            *lines,
            f"  <{_counted('testsuite', COVERAGE, 1, int(low))}>",
            *_case(PROGRAM, COVERAGE, counts(tested), told, failed=low),
            "  </testsuite>",
            "</testsuites>\n",
        )
    )


def _suite(suite: Suite) -> Iterator[str]:
    failures = sum(not trial.holds for trial in suite.trials)
    yield f"  <{_counted('testsuite', suite.file, len(suite.trials), failures)}>"
    for trial in suite.trials:
        yield from _case(suite.file, trial.name, *_told(trial), failed=not trial.holds)
    yield "  </testsuite>"


def _told(trial: Trial) -> tuple[str, list[str]]:
    what = ", ".join(each.what for each in trial.differences)
    lines = [line for each in trial.differences for line in difference(each)]
    at = plain(f"{trial.place.file}:{trial.place.line}") if trial.place else ""
    return f"{DIFFERS}: {what}", [at, *lines] if lines else []


def _case(file: str, name: str, message: str, told: list[str], *, failed: bool) -> Iterator[str]:
    where = f"classname={_quoted(file)} name={_quoted(name)}"
    if not told:
        yield f"    <testcase {where}/>"
        return
    yield f"    <testcase {where}>"
    text = escape("\n".join(told))
    if failed:
        yield f"      <failure type={_quoted(DIFFERS)} message={_quoted(message)}>{text}</failure>"
    else:
        yield f"      <system-out>{text}</system-out>"
    yield "    </testcase>"


def _counted(tag: str, name: str, tests: int, failures: int) -> str:
    return f'{tag} name={_quoted(name)} tests="{tests}" failures="{failures}" errors="0"'


def _quoted(text: str) -> str:
    return quoteattr(plain(text))
