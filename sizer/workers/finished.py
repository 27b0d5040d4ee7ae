"""Chunks that are done, kept in a folder, so that work that was stopped goes on."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import pickle
from importlib import import_module
from pathlib import Path
from typing import Any

from attrs import field, frozen, has

from sizer.diagnostic import Place, Problem, problem
from sizer.structure.files.whole_file import replace_whole
from sizer.workers.digest import code
from sizer.workers.outcome import Outcome

OTHER_WORK = "SZ894"
DAMAGED = "SZ895"
UNWRITABLE = "SZ005"
HEADER = "work.json"
PROTOCOL = 4  # the same in every Python; ARRAYS are what it needs
ARRAYS = frozenset(
    {
        ("numpy", "dtype"),
        ("numpy", "ndarray"),
        ("numpy._core.multiarray", "_reconstruct"),
        ("numpy.core.multiarray", "_reconstruct"),
    }
)


@frozen
class Finished:
    """A folder with a file for each chunk that is done; each file is there whole or not at all.

    `work` is the digest of what is done, by which a folder of other work is refused.
    """

    folder: Path
    work: str
    _label: dict[str, str] = field(init=False)

    @_label.default
    def _what_is_done_by_what(self) -> dict[str, str]:
        return {"work": self.work, "sizer": code()}

    def open(self) -> None:
        """Make the folder ready.

        Raises Problem: SZ894 it has something else in it, SZ005 it cannot be written.
        """
        header = self.folder / HEADER
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            if header.exists():
                self._refuse_other(header)
            elif any(self.folder.iterdir()):
                raise self._other("has files of something else")
            else:
                replace_whole(header, [json.dumps(self._label, indent=2) + "\n"])
        except OSError as error:
            raise self._unwritable(error) from None

    def get(self, number: int) -> Outcome[Any] | None:
        """Return how a chunk ended, None if it is not done. Raises Problem (SZ895)."""
        path = self._path(number)
        try:
            text = path.read_text("ascii")
        except FileNotFoundError:
            return None
        except (OSError, UnicodeDecodeError):
            raise _damaged(path) from None
        return Outcome(_read(path, text))

    def put(self, number: int, result: object) -> None:
        """Keep the result of a chunk. Raises Problem (SZ005)."""
        content = base64.encodebytes(pickle.dumps(result, PROTOCOL)).decode()
        try:
            replace_whole(self._path(number), [f"{_hashed(content)}\n", content])
        except OSError as error:
            raise self._unwritable(error) from None

    def _path(self, number: int) -> Path:
        return self.folder / f"{number:06}.chunk"

    def _refuse_other(self, header: Path) -> None:
        try:
            found = json.loads(header.read_text("utf-8"))
        except ValueError:
            found = None
        if found == self._label:
            return
        same = isinstance(found, dict) and found.get("work") == self.work
        raise self._other("has chunks of another sizer" if same else "has chunks of other work")

    def _other(self, said: str) -> Problem:
        hint = f"name an empty folder; `rm -r {self.folder}` begins again"
        return problem(OTHER_WORK, f"--resume: the folder {said}", Place(str(self.folder)), hint)

    def _unwritable(self, error: OSError) -> Problem:
        why = (error.strerror or type(error).__name__).lower()
        return problem(UNWRITABLE, f"cannot be written: {why}", Place(str(self.folder)))


def _read(path: Path, text: str) -> Any:
    sha256, _, content = text.partition("\n")
    if sha256 != _hashed(content):
        raise _damaged(path)
    try:
        return _Values(io.BytesIO(base64.decodebytes(content.encode()))).load()
    except (pickle.UnpicklingError, AttributeError, ImportError, ValueError, EOFError):
        raise _damaged(path) from None


class _Values(pickle.Unpickler):
    """Reads frozen classes of sizer and arrays; what would run anything else is refused."""

    def find_class(self, module: str, name: str) -> Any:
        """Return a class. Raises pickle.UnpicklingError for what is no plain value."""
        if (module, name) in ARRAYS:
            return getattr(import_module(module), name)
        if module.startswith("sizer."):
            found = getattr(import_module(module), name)
            if isinstance(found, type) and has(found):
                return found
        raise pickle.UnpicklingError(f"{module}.{name} is no value")


def _hashed(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()


def _damaged(path: Path) -> Problem:
    said = "is no chunk that was kept whole"
    return problem(DAMAGED, said, Place(str(path)), f"`rm {path}`: it is done again")
