import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

from sizer.load.sites.packs import pack_folder, pack_names

ROOT = Path(__file__).parents[2]


def test_the_packs_are_the_rule_files_of_the_source_tree() -> None:
    assert pack_names() == sorted(
        path.stem for path in (ROOT / "rules").glob("*.toml") if "sizer-test" not in path.name
    )
    assert pack_names()
    assert pack_folder().is_dir()


@pytest.mark.slow
def test_a_wheel_holds_the_packs(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", str(tmp_path), "."]
    done = subprocess.run(build, cwd=ROOT, capture_output=True, text=True, check=False)
    if "No matching distribution" in done.stderr:
        pytest.skip("no registry has the build backend")
    assert done.returncode == 0, done.stderr
    (wheel,) = tmp_path.glob("*.whl")
    held = set(ZipFile(wheel).namelist())
    assert {f"sizer/packs/{name}.toml" for name in pack_names()} <= held
