"""JUnit XML, which most build systems show as tests: one suite a file, one case a finding."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from sizer.diagnostic import Checked, Diagnostic
from sizer.render.findings.text import written
from sizer.render.kit.look import Look

NOWHERE = "sizer"


def render(checked: Checked, _: Look) -> str:
    """Return all files as suites; a file without findings has one case, which passes."""
    by_file: dict[str, list[Diagnostic]] = {
        file: [] for file in (*checked.files, *checked.dependents)
    }
    for each in checked.found:
        by_file.setdefault(each.place.file if each.place else NOWHERE, []).append(each)
    suites = [_suite(checked, file, found) for file, found in sorted(by_file.items())]
    tests = sum(max(1, len(found)) for found in by_file.values())
    failures = sum(map(checked.fails, checked.found))
    head = f'<testsuites name="sizer" tests="{tests}" failures="{failures}" errors="0">'
    return "\n".join(('<?xml version="1.0" encoding="UTF-8"?>', head, *suites, "</testsuites>\n"))


def _suite(checked: Checked, file: str, found: list[Diagnostic]) -> str:
    failures = sum(map(checked.fails, found))
    counted = f'tests="{max(1, len(found))}" failures="{failures}" errors="0"'
    head = f"  <testsuite name={quoteattr(file)} {counted}>{_properties(checked)}"
    named = zip(found, _names(found), strict=True)
    cases = [line for each, name in named for line in _case(checked, each, name)]
    if not found:
        cases = [f'    <testcase classname={quoteattr(file)} name="no findings"/>']
    return "\n".join((head, *cases, "  </testsuite>"))


def _properties(checked: Checked) -> str:
    """Return the day by which waivers expire, if there are any."""
    if not checked.today:
        return ""
    return f'<properties><property name="today" value={quoteattr(checked.today)}/></properties>'


def _names(found: list[Diagnostic]) -> Iterator[str]:
    """Yield a name for each finding of a file; build systems take cases of one name for one."""
    seen: Counter[str] = Counter()
    for each in found:
        place = each.place
        name = f"{each.code} line {place.line}" if place and place.line else each.code
        seen[name] += 1
        yield name if seen[name] == 1 else f"{name} ({seen[name]})"


def _case(checked: Checked, found: Diagnostic, name: str) -> Iterator[str]:
    file = quoteattr(found.place.file if found.place else NOWHERE)
    yield f"    <testcase classname={file} name={quoteattr(name)}>"
    told = escape(written(found))
    if checked.fails(found):
        about = f"type={quoteattr(found.code)} message={quoteattr(found.message)}"
        yield f"      <failure {about}>{told}</failure>"
    elif found.waiver:
        yield f"      <skipped message={quoteattr(f'waived by {found.waiver}')}/>"
    else:
        yield f"      <system-out>{told}</system-out>"
    yield "    </testcase>"
