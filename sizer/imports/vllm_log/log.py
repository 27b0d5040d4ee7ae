"""A log of vLLM as the starts that it tells of: what was asked, and the memory that it took."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from attrs import Factory, define, frozen

from sizer.diagnostic import Diagnostic, Place, Problem, problem
from sizer.imports.vllm_log.settings import (
    BANNER,
    TOLD,
    begins,
    expected,
    expected_figure,
    settings,
)
from sizer.imports.vllm_log.wordings import ENGINE, WORDINGS
from sizer.structure.files.text_file import read_bytes
from sizer.structure.shape.faults import VALUE

NO_START = "SZ007"
STANDARD = "-"
LARGEST_LOG_BYTES = 2**28
LONGEST_EXCERPT = 160
_BY_MARK = {wording.mark: wording for wording in WORDINGS}
_MARKS = re.compile("|".join(map(re.escape, _BY_MARK)))
_TELLING = (*TOLD, *_BY_MARK)
_COLOUR = re.compile(r"(?:\x1b|#033)\[[\d;]*m")
_PROCESS = re.compile(r"\([A-Za-z]\w* [^()]*?\bpid=\d+[^()]*\)")
_OTHERS = ("Load weight end", "[TensorRT-LLM]", "llama_model_load", "launch_server")


@frozen
class Said:
    """A text that the log has for something, and where."""

    text: str
    place: Place


@define
class Start:
    """One start of an engine: settings by name, and figures by process and name."""

    settings: dict[str, Said] = Factory(dict)
    figures: dict[str, dict[str, Said]] = Factory(dict)
    engine: dict[str, list[Said]] = Factory(dict)

    @property
    def measured(self) -> bool:
        """Whether the engine has told any figure."""
        return bool(self.figures or self.engine)


@frozen
class Log:
    """The starts of a log in their order, each with figures."""

    file: str
    starts: tuple[Start, ...]


def read_logs(names: Iterable[str], given: bytes = b"") -> list[Log]:
    """Return what each log says; `-` is what was given on standard input.

    Raises Problem with the faults of all: SZ001 and SZ004 for a file, SZ007 when no engine tells
    of its memory in it, SZ104 for each phrase whose figure is missing or wrong.
    """
    logs: list[Log] = []
    faults: list[Diagnostic] = []
    for name in names:
        try:
            logs.append(_read(name, given))
        except Problem as fault:
            faults.extend(fault.diagnostics)
    if faults:
        raise Problem(tuple(faults))
    return logs


def _read(name: str, given: bytes) -> Log:
    if name == STANDARD:
        return parse_log(log_text(given), "<stdin>")
    hint = "give the part from the start of the engine"
    return parse_log(log_text(read_bytes(Path(name), LARGEST_LOG_BYTES, hint)), name)


def parse_log(text: str, file: str) -> Log:
    """Return what a text says. Raises Problem: SZ007 and SZ104, as `read_logs`."""
    faults: list[Diagnostic] = []
    starts = [start for start in _starts(text.splitlines(), file, faults) if start.measured]
    if faults:
        raise Problem(tuple(faults))
    if not starts:
        raise problem(NO_START, "no engine tells of its memory", Place(file), _why(text))
    return Log(file, tuple(starts))


def is_log(text: str) -> bool:
    """Return whether a text tells of an engine's start, or of the memory that one took."""
    return BANNER.search(text) is not None or _MARKS.search(text) is not None


def log_text(content: bytes) -> str:
    """Return the bytes as text; a log is for the eye, so a wrong byte in it is no fault."""
    utf16 = content.startswith((b"\xff\xfe", b"\xfe\xff"))  # what PowerShell redirects
    return content.decode("utf-16" if utf16 else "utf-8-sig", errors="replace")


def _starts(lines: Iterable[str], file: str, faults: list[Diagnostic]) -> Iterator[Start]:
    """Yield the starts; a server or engine that names itself after figures is a new one."""
    start = Start()
    for number, raw in enumerate(lines, start=1):
        if not any(mark in raw for mark in _TELLING):  # of a server's log most lines are requests
            continue
        line = _COLOUR.sub("", raw)
        if start.measured and begins(line):
            yield start
            start = Start()
        for name, text, column in settings(line):
            said = Said(text, _place(file, number, line, column, text))
            wanted = expected(name, text)
            if wanted is None:
                start.settings[name] = said
            else:
                faults.append(_wrong(said, wanted))
        _figures(start, line, file, number, faults)
    yield start


def _figures(start: Start, line: str, file: str, number: int, faults: list[Diagnostic]) -> None:
    for mark in _MARKS.finditer(line):
        wording = _BY_MARK[mark[0]]
        found = wording.figures.match(line, mark.end())
        if found is None:
            said = f"no figure behind {mark[0].strip()!r}"
            place = _place(file, number, line, mark.start(), mark[0].strip())
            faults.append(Diagnostic(VALUE, said, place, f"vLLM writes `{wording.example}`"))
            continue
        process = _process(line[: mark.start()])
        for name, text in found.groupdict().items():
            if text is None:
                continue
            said_here = Said(text, _place(file, number, line, found.start(name), text))
            wanted = expected_figure(name, text)
            if wanted is not None:
                faults.append(_wrong(said_here, wanted))
            elif name in ENGINE:
                start.engine.setdefault(name, []).append(said_here)
            else:
                start.figures.setdefault(process, {}).setdefault(name, said_here)


def _wrong(said: Said, wanted: str) -> Diagnostic:
    help_ = f"vLLM writes {wanted} there: give the log as it was printed"
    return Diagnostic(VALUE, f"{said.text!a} is not {wanted}", said.place, help_)


def _process(prefix: str) -> str:
    """Return what names a worker at the head of its lines; the only one has no name."""
    found = _PROCESS.search(prefix)
    return found[0] if found else ""


def _place(file: str, number: int, line: str, column: int, text: str) -> Place:
    shown = line[:LONGEST_EXCERPT] if column + len(text) <= LONGEST_EXCERPT else None
    return Place(file, number, column + 1, len(text), shown)


def _why(text: str) -> str:
    if not text.strip():
        return "the log is empty"
    if BANNER.search(text):
        return "the engine starts, but the log ends before it has loaded the weights"
    if any(each in text for each in _OTHERS):
        return "this looks like the log of another engine; only vLLM's is understood"
    return "give what `vllm serve` prints from its start to `Application startup complete`"
