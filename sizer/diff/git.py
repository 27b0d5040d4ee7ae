"""Revisions of a repository, read through git's plumbing; the work tree and index stay untouched.

`rev-parse`, `merge-base`, `ls-tree`, `ls-files` and `cat-file` run no filter of the repository, and
QUIET keeps its configuration from running anything else: who reads a repository does not trust it.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryFile
from threading import Timer
from typing import IO

from sizer.diagnostic import Problem, problem

GIT = "SZ515"
TIMEOUT_S = 60
MISSING = "missing"
PARTIAL = "could not fetch"  # what a partial clone has not, and is not to ask for
WHOLE = "`git fetch --refetch --no-filter` brings what a partial clone left out"
_REGULAR = ("100644", "100755")
QUIET = (  # git's documentation of its configuration: every key that names a program for these
    "safe.bareRepository=explicit",  # a bare repository among a clone's files is none
    "core.fsmonitor=false",
    f"core.hooksPath={os.devnull}",
    "core.pager=cat",
    "core.sshCommand=false",
    "core.gitProxy=false",
    "core.askPass=false",
    "core.alternateRefsCommand=false",
    "credential.helper=",
    "submodule.recurse=false",
)
NO_TRANSPORT = {  # a clone without all objects fetches none
    "GIT_ALLOW_PROTOCOL": "",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_TERMINAL_PROMPT": "0",
}


def top_of(folder: Path) -> Path:
    """Return the root of the repository that holds a folder.

    Raises Problem (SZ515) outside of one and without git.
    """
    return Path(_text(folder, "rev-parse", "--show-toplevel"))


def commit_of(folder: Path, revision: str) -> str:
    """Return the commit that a name means. Raises Problem (SZ515) for a name of none."""
    top_of(folder)
    asked = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    done = _done(folder, *asked)
    if done.returncode:
        hint = "a branch, a tag, a commit, or A..B"
        raise problem(GIT, f"no revision is called {revision!r}", hint=hint)
    return os.fsdecode(done.stdout).strip()


def fork_of(folder: Path, first: str, second: str) -> str:
    """Return the commit where two histories parted, as `A...B` means it."""
    return _text(folder, "merge-base", commit_of(folder, first), commit_of(folder, second))


def regular_files(folder: Path, commit: str) -> Iterator[tuple[str, str]]:
    """Yield name and object of every regular file of a commit."""
    listed = _run(folder, "ls-tree", "-r", "-z", "--full-tree", commit)
    for line in filter(None, listed.split(b"\0")):
        head, _, path = line.partition(b"\t")
        mode, _, digest = head.decode().split()
        if mode in _REGULAR:
            yield os.fsdecode(path), digest


def listed_files(root: Path) -> set[str]:
    """Return the names of what git tracks of a work tree, or would add."""
    listed = _run(root, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    return {os.fsdecode(each) for each in listed.split(b"\0") if each}


def sizes_of(folder: Path, objects: Iterable[str]) -> Mapping[str, int]:
    """Return the bytes of each object that the clone has."""
    asked = "".join(f"{each}\n" for each in objects).encode()
    told = _run(folder, "cat-file", "--batch-check=%(objectname) %(objectsize)", given=asked)
    found = dict(line.split(" ", 1) for line in told.decode().splitlines())
    return {each: int(size) for each, size in found.items() if size != MISSING}


def contents_of(folder: Path, objects: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    """Yield each object with its content, one in memory at a time.

    Raises Problem (SZ515) when git ends before all were read.
    """
    with TemporaryFile() as asked:
        asked.write("".join(f"{each}\n" for each in objects).encode())
        asked.seek(0)
        process = subprocess.Popen(  # noqa: S603  # as below
            _command(folder, "cat-file", "--batch"),
            stdin=asked,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
        )
        watch = Timer(TIMEOUT_S, process.kill)
        watch.start()
        try:
            if process.stdout is not None:
                yield from _batch(process.stdout)
            if process.wait():
                raise _ended()
        finally:
            watch.cancel()
            process.kill()
            process.communicate()


def _batch(told: IO[bytes]) -> Iterator[tuple[str, bytes]]:
    for head in iter(told.readline, b""):
        digest, _, size = head.decode().partition(" blob ")
        if not size.strip().isdigit():
            raise _ended()
        content = told.read(int(size) + 1)
        if len(content) <= int(size):
            raise _ended()
        yield digest, content[:-1]


def _ended() -> Problem:
    return problem(GIT, f"git cat-file ended early, or took more than {TIMEOUT_S} s")


def _text(folder: Path, *arguments: str) -> str:
    return os.fsdecode(_run(folder, *arguments)).strip()


def _run(folder: Path, *arguments: str, given: bytes = b"") -> bytes:
    """Return what a git command prints. Raises Problem (SZ515) with what it says."""
    done = _done(folder, *arguments, given=given)
    if done.returncode:
        said = os.fsdecode(done.stderr).strip().splitlines() or ["it says nothing"]
        fatal = next((line for line in said if line.startswith("fatal: ")), said[0])
        hint = WHOLE if PARTIAL in fatal else None
        raise problem(GIT, f"git {arguments[0]}: {fatal}", hint=hint)
    return done.stdout


def _done(folder: Path, *arguments: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(  # noqa: S603  # git, with arguments that are no options
            _command(folder, *arguments),
            input=given,
            capture_output=True,
            env=_environment(),
            timeout=TIMEOUT_S,
            check=False,
        )
    except FileNotFoundError:
        raise problem(GIT, "git is not installed") from None
    except subprocess.TimeoutExpired:
        raise problem(GIT, f"git {arguments[0]} took more than {TIMEOUT_S} s") from None


def _command(folder: Path, *arguments: str) -> list[str]:
    return [
        "git",
        "-C",
        str(folder),
        *(part for each in QUIET for part in ("-c", each)),
        *arguments,
    ]


def _environment() -> Mapping[str, str]:
    return {**os.environ, **NO_TRANSPORT, "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}
