"""A file from a stranger is safe to check: bounded, and nothing is read, written or called."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from attacks import ATTACKS

from sizer.diagnostic import Problem
from sizer.load import check
from sizer.load.sites.site import root_of
from sizer.structure.files.text_file import read_bytes

WATCHED = """
import json, sys
from resource import RLIMIT_AS, RLIMIT_CPU, setrlimit

setrlimit(RLIMIT_AS, (2**30, 2**30))
setrlimit(RLIMIT_CPU, (30, 30))
seen = []
CALLS = ("subprocess.", "socket.", "os.exec", "os.fork", "os.posix_spawn", "os.system", "ctypes.")
CHANGES = ("os.remove", "os.rename", "os.mkdir", "os.rmdir", "os.link", "os.symlink", "os.chmod")

def hook(event, arguments):
    if event == "open":
        path, mode, flags = arguments
        writes = bool(flags & 3) or bool(mode and set(mode) & set("wax+"))
        seen.append(["open", str(path), writes])
    elif event.startswith((*CALLS, *CHANGES)):
        seen.append([event, "", True])

from sizer.diagnostic import SEVERITIES
from sizer.load import check

sys.addaudithook(hook)
found = check(sys.argv[1:]).found
print(json.dumps({"seen": seen, "codes": [each.code for each in found]}))
"""
QUESTION = 'models = [{{name = "{model}"}}]\nfleet.gpus = "{gpu}"\n'
EXTENDED = (
    "/etc/passwd",
    "../../../../../../../../etc/passwd",
    "/dev/zero",
    "../../../../../../../../dev/zero",
    "link.toml",
    "folder/out.toml",
    "pipe.toml",
    "~/.ssh/id_rsa",
    "pack:../../etc/passwd",
    "pack:/etc/passwd",
    "https://example.org/rules.toml",
    "x" * 5000,
    ".",
)


def toml(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A repository with links and a pipe that lead a reader astray."""
    home = tmp_path / "repository"
    (home / ".git").mkdir(parents=True)
    (home / "link.toml").symlink_to("/etc/passwd")
    (home / "folder").symlink_to(tmp_path)
    (tmp_path / "out.toml").write_text("dsl = 1\n")
    if hasattr(os, "mkfifo"):
        os.mkfifo(home / "pipe.toml")
    return home


def environment() -> dict[str, str]:
    """Python's own files are where they are installed, wherever this test keeps its own."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONPYCACHEPREFIX"}
    root = str(Path(__file__).parents[2])
    return {**kept, "PYTHONPATH": root, "PYTHONDONTWRITEBYTECODE": "1"}


def watched(folder: Path, *names: str) -> tuple[list[list[object]], list[str]]:
    done = subprocess.run(
        [sys.executable, "-c", WATCHED, *names],
        cwd=folder,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    return told["seen"], told["codes"]


def harmless(seen: list[list[object]], folder: Path) -> None:
    """Every file that was opened is read, and of Python, of sizer or of the repository."""
    ours = (folder, Path(sys.prefix), Path(sys.base_prefix), Path(__file__).parents[2])
    roots = [Path(os.path.realpath(each)) for each in ours]
    for event, path, writes in seen:
        assert event == "open", event
        assert not writes, path
        real = Path(os.path.realpath(folder / str(path)))
        assert any(real.is_relative_to(root) for root in roots), path


@pytest.mark.skipif(sys.platform != "linux", reason="limits of memory and names of devices")
def test_extends_leads_nowhere_else(folder: Path) -> None:
    names = []
    for number, extended in enumerate(EXTENDED):
        names.append(f"p{number}.toml")
        question = QUESTION.format(model="Qwen/Qwen2.5-7B", gpu="L4")
        (folder / names[-1]).write_text(f"dsl = 1\nextends = [{toml(extended)}]\n{question}")
    seen, codes = watched(folder, *names)
    assert len(codes) == len(EXTENDED)
    assert set(codes) == {"SZ501", "SZ503"}
    harmless(seen, folder)


@pytest.mark.skipif(sys.platform != "linux", reason="limits of memory and names of devices")
def test_attacks_in_rules_end_in_diagnostics(folder: Path) -> None:
    texts = [text for text in ATTACKS.values() if len(text) < 2**14 and text.isprintable()]
    rules = "".join(
        f"[[rule]]\nid = 'r{number}'\nrequire = {toml(text)}\nmessage = {toml(text)}\n"
        for number, text in enumerate(texts)
    )
    question = QUESTION.format(model="Qwen/Qwen2.5-7B", gpu="L4")
    (folder / "p.toml").write_text(f"dsl = 1\n{question}{rules}")
    seen, codes = watched(folder, "p.toml")
    assert len(codes) >= len(texts) > len(ATTACKS) / 2
    harmless(seen, folder)


@pytest.mark.skipif(sys.platform != "linux", reason="limits of memory and names of devices")
@pytest.mark.parametrize("name", ["/etc/passwd", "../../../etc/passwd", "/dev/zero", "x" * 5000])
def test_names_of_models_and_accelerators_open_nothing(name: str, folder: Path) -> None:
    (folder / "p.toml").write_text("dsl = 1\n" + QUESTION.format(model=name, gpu=name))
    seen, codes = watched(folder, "p.toml")
    assert "SZ701" in codes
    harmless(seen, folder)


@pytest.mark.skipif(sys.platform != "linux", reason="limits of memory and names of devices")
@pytest.mark.parametrize(
    "name", ["/etc/passwd.toml", "../out.toml", "out/out.toml", "../../etc/passwd", "/dev/zero"]
)
@pytest.mark.parametrize("where", ["estimator.calibration", "fleet.prices", "extends"])
def test_no_key_reads_a_file_elsewhere(where: str, name: str, folder: Path) -> None:
    (folder / "out").symlink_to(folder.parent)
    question = QUESTION.format(model="Qwen/Qwen2.5-7B", gpu="L4")
    (folder / "p.toml").write_text(f"dsl = 1\n{where} = {toml(name)}\n{question}")
    seen, codes = watched(folder, "p.toml")
    assert codes == ["SZ503"]
    harmless(seen, folder)


@pytest.mark.skipif(sys.platform != "linux", reason="limits of memory and names of devices")
def test_a_chain_and_a_circle_of_files_end(folder: Path) -> None:
    for number in range(1000):
        text = f"dsl = 1\nextends = 'c{number + 1}.toml'\n"
        (folder / f"c{number}.toml").write_text(text)
    (folder / "c1000.toml").write_text("dsl = 1\nextends = 'c999.toml'\n")
    question = QUESTION.format(model="Qwen/Qwen2.5-7B", gpu="L4")
    (folder / "p.toml").write_text(f"dsl = 1\nextends = 'c0.toml'\n{question}")
    (folder / "q.toml").write_text(f"dsl = 1\nextends = 'c1000.toml'\n{question}")
    seen, codes = watched(folder, "p.toml", "q.toml")
    assert codes == ["SZ502", "SZ502"]
    harmless(seen, folder)


@pytest.mark.skipif(sys.platform != "linux", reason="limits of memory and names of devices")
def test_what_is_no_file_is_named_and_not_waited_for(folder: Path) -> None:
    with socket.socket(socket.AF_UNIX) as plug:
        plug.bind(os.path.relpath(folder / "plug.toml"))
    (folder / "folder.toml").mkdir()
    (folder / "dangling.toml").symlink_to("nowhere")
    (folder / "circle.toml").symlink_to("circle.toml")
    names = ("plug.toml", "pipe.toml", "folder.toml", "dangling.toml", "circle.toml", "/dev/zero")
    seen, codes = watched(folder, *names)
    assert codes == ["SZ001"] * len(names)
    harmless(seen, folder)


@pytest.mark.skipif(sys.platform != "linux", reason="limits of memory and names of devices")
def test_a_file_of_a_terabyte_is_not_read(folder: Path) -> None:
    with (folder / "p.toml").open("wb") as file:
        file.write(b"dsl = 1\nextends = 'r.toml'\n")
        file.truncate(2**40)  # sparse: it takes no room
    (folder / "r.toml").write_text("dsl = 1\n[[rule]]\nid = 'a'\nrequire = 'tp < 4'\n")
    seen, codes = watched(folder, "r.toml", ".")
    assert codes == ["SZ004"]
    harmless(seen, folder)


def test_a_root_of_all_files_is_no_repository(tmp_path: Path) -> None:
    top = Path(tmp_path.anchor)
    assert root_of(top) == top
    assert root_of(top / "somewhere") == top / "somewhere"
    assert root_of(tmp_path / "here") == tmp_path


def test_who_runs_may_allow_a_wider_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shared, own = tmp_path / "shared", tmp_path / "fleets" / "a"
    for each in (shared, own / ".git"):
        each.mkdir(parents=True)
    (shared / "slo.toml").write_text('dsl = 1\n[[rule]]\nid = "slo"\nrequire = "fits"\n', "utf-8")
    (own / "rules.toml").write_text('dsl = 1\nextends = ["../../shared/slo.toml"]\n', "utf-8")

    def codes() -> list[str]:
        return [each.code for each in check([own / "rules.toml"]).found]

    assert codes() == ["SZ503"]
    monkeypatch.setenv("SIZER_ROOT", str(shared))  # does not hold the file that asks
    assert codes() == ["SZ503"]
    monkeypatch.setenv("SIZER_ROOT", str(tmp_path))
    assert codes() == []


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_that_takes_the_place_of_a_file_is_not_waited_for(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "is_file", Path.exists)  # as if it were one a moment ago
    with pytest.raises(Problem, match="SZ001"):
        read_bytes(folder / "pipe.toml")


@pytest.mark.skipif(sys.platform != "linux", reason="limits of memory and names of devices")
def test_a_folder_of_a_stranger_is_walked_and_nothing_else(folder: Path) -> None:
    (folder / "good.toml").write_text("dsl = 1\n[[rule]]\nid = 'a'\nrequire = 'tp < 4'\n")
    (folder / "deep.toml").write_text("dsl = 1\nx = " + "[" * 9999 + "]" * 9999)
    (folder / "large.toml").write_text("dsl = 1\n" + "# padding\n" * 200_000)
    seen, codes = watched(folder, ".")
    assert set(codes) == {"SZ004"}
    harmless(seen, folder)
