"""Chunks that are kept, and folders that are refused."""

from __future__ import annotations

import base64
import hashlib
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from worker_tasks import Counted, OddError, Power, square

from sizer.diagnostic import Diagnostic, Place, Problem
from sizer.workers import Engine, Processes, Serial, Workers, run
from sizer.workers.finished import Finished


def only(caught: pytest.ExceptionInfo[Problem]) -> Diagnostic:
    (found,) = caught.value.diagnostics
    return found


@pytest.mark.parametrize("engine", [Serial(), Processes(2)], ids=["serial", "processes"])
def test_stopped_work_goes_on_where_it_was(tmp_path: Path, engine: Engine) -> None:
    task, workers = Counted(tmp_path), Workers(engine, tmp_path / "new" / "sweep.d")
    (tmp_path / "stop").touch()
    with pytest.raises(OddError):
        list(run(task, [0, 2, 5, 4], workers))
    (tmp_path / "stop").unlink()
    found = sorted(result for _, result in run(task, [0, 2, 5, 4], workers))
    assert found == [0, 2, 4, 5]
    assert task.counts() == {"0": 1, "1": 1, "2": 1, "3": 1}


def test_finished_work_is_not_done_again_whoever_is_asked(tmp_path: Path) -> None:
    task, folder = Counted(tmp_path), tmp_path / "sweep.d"
    first = list(run(task, range(5), Workers(resume=folder)))
    assert list(run(task, range(5), Workers(Processes(2), folder))) == first
    assert set(task.counts().values()) == {1}


def test_several_sweeps_have_a_folder_each(tmp_path: Path) -> None:
    workers = Workers(resume=tmp_path)
    for exponent in (1, 2):
        list(run(Power(exponent), range(2), workers.within(str(exponent))))
    assert sorted(each.name for each in tmp_path.iterdir()) == ["1", "2"]
    assert Workers().within("a") == Workers()


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


@pytest.mark.parametrize(
    ("task", "works"), [(Power(3), range(2)), (square, range(2)), (Power(2), range(3))]
)
def test_a_folder_of_other_work_is_refused(tmp_path: Path, task: Any, works: range) -> None:
    folder = tmp_path / "sweep.d"
    list(run(Power(2), range(2), Workers(resume=folder)))
    with pytest.raises(Problem) as caught:
        list(run(task, works, Workers(resume=folder)))
    found = only(caught)
    assert found.code == "SZ894"
    assert found.message == "--resume: the folder has chunks of other work"
    assert found.help == f"name an empty folder; `rm -r {folder}` begins again"


def test_a_folder_of_another_sizer_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Finished(tmp_path, "a").open()
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
    list(run(square, [3], Workers(resume=tmp_path)))
    path = tmp_path / "000000.chunk"
    whole = path.read_bytes()
    path.write_bytes({"cut": whole[:-3], "empty": b"", "other bytes": b"\xff\xfe"}[damage])
    with pytest.raises(Problem) as caught:
        list(run(square, [3], Workers(resume=tmp_path)))
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
