"""Chunks that are kept, and folders that are refused."""

from __future__ import annotations

import base64
import hashlib
import pickle
from pathlib import Path

import numpy as np
import pytest
from worker_tasks import odd_fails, square

from sizer.diagnostic import Diagnostic, Place, Problem
from sizer.workers import Chunk, Finished, run


def only(caught: pytest.ExceptionInfo[Problem]) -> Diagnostic:
    (found,) = caught.value.diagnostics
    return found


def never(chunk: Chunk[int]) -> int:
    raise AssertionError(chunk)


def test_stopped_work_goes_on_where_it_was(tmp_path: Path) -> None:
    kept = Finished(tmp_path / "new" / "folder", "a")
    with pytest.raises(ValueError, match="5"):
        list(run(odd_fails, [0, 2, 5, 4], finished=kept))
    seen: list[int] = []

    def noted(chunk: Chunk[int]) -> int:
        seen.append(chunk.number)
        return chunk.work

    found = sorted(result for _, result in run(noted, [0, 2, 5, 4], finished=kept))
    assert (found, seen) == ([0, 2, 4, 5], [2, 3])


def test_finished_work_is_not_done_again(tmp_path: Path) -> None:
    kept = Finished(tmp_path, "a")
    first = list(run(square, range(5), finished=kept))
    assert list(run(never, range(5), finished=kept)) == first


def test_values_and_arrays_come_back_as_they_were(tmp_path: Path) -> None:
    kept = Finished(tmp_path, "a")
    kept.open()
    value = (Place("a.toml", 3), np.arange(6, dtype=np.int32).reshape(2, 3), {"a": [1.5, None]})
    kept.put(7, value)
    found = kept.get(7)
    assert found is not None
    place, array, data = found.get()
    assert (place, data) == (value[0], value[2])
    assert array.dtype == np.int32
    assert (array == value[1]).all()


def test_a_folder_of_other_work_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "sweep.d"
    list(run(square, range(2), finished=Finished(folder, "a")))
    with pytest.raises(Problem) as caught:
        list(run(never, range(2), finished=Finished(folder, "b")))
    found = only(caught)
    assert found.code == "SZ894"
    assert found.message == "--resume: the folder has chunks of other work"
    assert found.help == f"name an empty folder; `rm -r {folder}` begins again"


def test_a_folder_of_another_sizer_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    list(run(square, range(2), finished=Finished(tmp_path, "a")))
    monkeypatch.setattr("sizer.workers.finished.code", lambda: "other")
    with pytest.raises(Problem, match="chunks of another sizer"):
        Finished(tmp_path, "a").open()


@pytest.mark.parametrize("name", ["notes.txt", "000001.chunk"])
def test_a_folder_with_other_files_is_left_alone(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("mine")
    with pytest.raises(Problem, match="has files of something else"):
        Finished(tmp_path, "a").open()
    assert [each.name for each in tmp_path.iterdir()] == [name]


def test_a_header_that_is_no_header_is_refused(tmp_path: Path) -> None:
    (tmp_path / "work.json").write_text("{")
    with pytest.raises(Problem, match="SZ894"):
        Finished(tmp_path, "a").open()


def test_a_file_in_place_of_a_folder_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(Problem, match="SZ005"):
        Finished(tmp_path / "file", "a").open()


@pytest.mark.parametrize("damage", ["cut", "empty", "other bytes"])
def test_a_damaged_chunk_is_named(tmp_path: Path, damage: str) -> None:
    kept = Finished(tmp_path, "a")
    list(run(square, [3], finished=kept))
    path = tmp_path / "000000.chunk"
    whole = path.read_bytes()
    path.write_bytes({"cut": whole[:-3], "empty": b"", "other bytes": b"\xff\xfe"}[damage])
    with pytest.raises(Problem) as caught:
        list(run(never, [3], finished=kept))
    found = only(caught)
    assert found.code == "SZ895"
    assert found.place == Place(str(path))
    assert found.help == f"`rm {path}`: it is done again"


class Opens:
    """Pickled as a call, which a plain reader of pickles would make."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, tuple[Path, str]]:
        return open, (self.path, "w")


def test_a_chunk_runs_nothing(tmp_path: Path) -> None:
    kept = Finished(tmp_path / "sweep.d", "a")
    kept.open()
    harm = tmp_path / "harm"
    content = base64.encodebytes(pickle.dumps(Opens(harm))).decode()
    sha256 = hashlib.sha256(content.encode()).hexdigest()
    (tmp_path / "sweep.d" / "000000.chunk").write_text(f"{sha256}\n{content}")
    with pytest.raises(Problem, match="SZ895"):
        kept.get(0)
    assert not harm.exists()
