"""Revisions of a repository, read through git's plumbing; the work tree and index stay untouched.

`rev-parse`, `merge-base`, `ls-tree`, `ls-files` and `cat-file` run no hook and no filter of the
repository.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from attrs import frozen

from sizer.diagnostic import problem

GIT = "SZ515"
READ = (".toml", ".json", ".csv", ".lock")
LARGEST_BYTES = 2**26
TIMEOUT_S = 60
_REGULAR = ("100644", "100755")


@frozen
class Tree:
    """Files of one state of a repository or a folder; names have slashes and start at the root."""

    name: str
    root: Path
    files: tuple[str, ...]


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


@contextmanager
def checked_out(folder: Path, commit: str, name: str) -> Iterator[Tree]:
    """Give the files of a commit that profiles may read, in a temporary folder."""
    blobs = dict(_blobs(folder, commit))
    with TemporaryDirectory(prefix="sizer-") as made:
        root = Path(made)
        (root / ".git").mkdir()  # the border that `extends` must not cross
        for path, content in _contents(folder, blobs):
            target = root / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        yield Tree(name, root, tuple(sorted(blobs)))


def work_tree(folder: Path) -> Tree:
    """Return the files of the work tree that git tracks or would add."""
    root = top_of(folder)
    listed = _run(root, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    names = {os.fsdecode(each) for each in listed.split(b"\0") if each}
    return Tree("work tree", root, tuple(sorted(name for name in names if _is_read(name))))


def _blobs(folder: Path, commit: str) -> Iterator[tuple[str, str]]:
    """Yield path and object of every regular file that profiles may read."""
    listed = _run(folder, "ls-tree", "-r", "-z", "-l", "--full-tree", commit)
    for line in listed.split(b"\0"):
        if not line:
            continue
        head, _, path = line.partition(b"\t")
        mode, _, digest, size = head.decode().split()
        name = os.fsdecode(path)
        if mode in _REGULAR and _is_read(name) and int(size) <= LARGEST_BYTES:
            yield name, digest


def _is_read(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return name.endswith(READ) and ".." not in parts and not any(p.startswith(".") for p in parts)


def _contents(folder: Path, blobs: dict[str, str]) -> Iterator[tuple[str, bytes]]:
    asked = "".join(f"{digest}\n" for digest in blobs.values()).encode()
    told = _run(folder, "cat-file", "--batch", given=asked)
    start = 0
    for path in blobs:
        end = told.index(b"\n", start)
        size = int(told[start:end].split()[-1])
        yield path, told[end + 1 : end + 1 + size]
        start = end + size + 2


def _text(folder: Path, *arguments: str) -> str:
    return os.fsdecode(_run(folder, *arguments)).strip()


def _run(folder: Path, *arguments: str, given: bytes = b"") -> bytes:
    """Return what a git command prints. Raises Problem (SZ515) with what it says."""
    done = _done(folder, *arguments, given=given)
    if done.returncode:
        said = os.fsdecode(done.stderr).strip().splitlines() or ["it says nothing"]
        raise problem(GIT, f"git {arguments[0]}: {said[0]}")
    return done.stdout


def _done(folder: Path, *arguments: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, "GIT_OPTIONAL_LOCKS": "0", "GIT_NO_LAZY_FETCH": "1"}
    try:
        return subprocess.run(  # noqa: S603  # git, with arguments that are no options
            ["git", "-C", str(folder), *arguments],  # noqa: S607  # the user's own git
            input=given,
            capture_output=True,
            env={**environment, "LC_ALL": "C"},
            timeout=TIMEOUT_S,
            check=False,
        )
    except FileNotFoundError:
        raise problem(GIT, "git is not installed") from None
    except subprocess.TimeoutExpired:
        raise problem(GIT, f"git {arguments[0]} took more than {TIMEOUT_S} s") from None
