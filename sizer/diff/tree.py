"""What profiles may read of a revision or of a work tree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from attrs import frozen

from sizer.diagnostic import problem
from sizer.diff.git import GIT, WHOLE, contents_of, listed_files, regular_files, sizes_of, top_of
from sizer.lock.file import NAME

READ = (".toml", ".json", ".csv")
LARGEST_BYTES = 2**26  # of one file: nothing reads more of one, and a lock may have as much
MOST_BYTES = 2**29  # of all files of a revision


@frozen
class Tree:
    """Files of one state of a repository or a folder; names have slashes and start at the root."""

    name: str
    root: Path
    files: tuple[str, ...]


@contextmanager
def checked_out(folder: Path, commit: str, name: str) -> Iterator[Tree]:
    """Give the files of a commit that profiles may read, in a temporary folder.

    Raises Problem (SZ515) when they are more than MOST_BYTES, or the clone lacks one.
    """
    blobs = {path: digest for path, digest in regular_files(folder, commit) if _is_read(path)}
    sizes = sizes_of(folder, dict.fromkeys(blobs.values()))
    absent = next((path for path, digest in blobs.items() if digest not in sizes), None)
    if absent is not None:
        raise problem(GIT, f"this clone lacks {absent} of {name}", hint=WHOLE)
    blobs = {path: digest for path, digest in blobs.items() if sizes[digest] <= LARGEST_BYTES}
    _refuse_too_much(blobs, sizes, name)
    paths: dict[str, list[str]] = {}
    for path, digest in blobs.items():
        paths.setdefault(digest, []).append(path)
    with TemporaryDirectory(prefix="sizer-") as made:
        root = Path(made)
        (root / ".git").mkdir()  # the border that `extends` must not cross
        for digest, content in contents_of(folder, paths):
            for path in paths[digest]:
                target = root / path
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(content)
        yield Tree(name, root, tuple(sorted(blobs)))


def work_tree(folder: Path) -> Tree:
    """Return the files of the work tree that git tracks or would add."""
    root = top_of(folder)
    return Tree("work tree", root, tuple(sorted(filter(_is_read, listed_files(root)))))


def _refuse_too_much(blobs: Mapping[str, str], sizes: Mapping[str, int], name: str) -> None:
    total = sum(sizes[digest] for digest in blobs.values())
    if total > MOST_BYTES:
        kinds = ", ".join(READ)
        said = f"the {kinds} files of {name} hold {total:,} bytes: at most {MOST_BYTES:,} are read"
        hint = "compare two folders that hold the profiles alone: `sizer diff OLD NEW`"
        raise problem(GIT, said, hint=hint)


def _is_read(name: str) -> bool:
    path = PurePosixPath(name)
    kind = name.endswith(READ) or path.name == NAME
    return kind and ".." not in path.parts and not any(p.startswith(".") for p in path.parts)
