"""The schema for editors says what the checker says, as far as a schema can."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from profile_strategies import PROFILES

from sizer.load.editor import KINDS, editor_schema
from sizer.render.kit import dumped
from sizer.schema.metrics import METRICS
from sizer.structure.write import profile_text

ROOT = Path(__file__).parents[2]
INVALID = ROOT / "tests" / "invalid"
FILES = {
    "profile": sorted(ROOT.glob("profiles/*.toml")),
    "rules": [each for each in sorted(ROOT.glob("rules/*.toml")) if "sizer-test" not in each.name],
    "tests": sorted(ROOT.glob("rules/*.sizer-test.toml")),
}
BETWEEN_KEYS = {  # faults of one key beside another, which a schema of keys does not see
    "SZ104-other-engine",
    "SZ104-offered-twice",
    "SZ104-think-time",
    "SZ104-highest-without-capacity",
    "SZ104-highest-and-fewest",
    "SZ104-answers-of-an-embedder",
    "SZ104-reader-that-writes",
    "SZ104-reader-on-two-devices",
    "SZ104-day-of-no-log",
    "SZ104-nothing-apart",
    "SZ104-sessions",
    "SZ104-thoughts-at-once",
}
SHAPE = [
    path
    for code in (101, 102, 103, 104)
    for path in sorted(INVALID.glob(f"SZ{code}-*.toml"))
    if 'prices = "shared/' not in path.read_text("utf-8")  # the faults are in that file
    and path.stem not in BETWEEN_KEYS
]
TOOLS = {
    "taplo": lambda schema, file: ("check", "--schema", schema.as_uri(), str(file)),
    "tombi": lambda _, file: ("lint", "--offline", str(file)),
}


def faults(kind: str, data: dict[str, Any]) -> list[Any]:
    jsonschema = pytest.importorskip("jsonschema")
    as_json = json.loads(json.dumps(data, default=str))  # dates as editors hand them over
    return list(jsonschema.Draft7Validator(editor_schema(kind)).iter_errors(as_json))


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_a_schema_and_accepts_our_own_files(kind: str) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    jsonschema.Draft7Validator.check_schema(editor_schema(kind))
    assert FILES[kind]
    for path in FILES[kind]:
        assert faults(kind, tomllib.loads(path.read_text("utf-8"))) == [], path


@given(PROFILES)
def test_it_accepts_every_profile_that_the_checker_accepts(profile: Any) -> None:
    data = tomllib.loads(profile_text(profile))
    assert faults("profile", data) == []


@pytest.mark.parametrize("path", SHAPE, ids=lambda path: path.stem)
def test_it_refuses_what_is_wrong_in_shape(path: Path) -> None:
    assert faults("profile", tomllib.loads(path.read_text("utf-8")))


def test_every_key_and_every_metric_has_a_text_to_hover() -> None:
    def keys(schema: Any) -> Any:
        for name, each in schema.get("properties", {}).items():
            yield name, each.get("description")
            yield from keys(each)
            yield from keys(each.get("items", {}))

    found = list(keys(editor_schema("profile")))
    assert all(said for _, said in found)
    said = dict(found)
    assert "default 8" in said["max_gpus_per_replica"]
    for metric in METRICS:
        for key in ("require", "when", "where", "sort", "message"):
            assert f"`{metric.name}`" in said[key]
        assert editor_schema("tests")["properties"]["case"]["items"]["properties"]["given"][
            "properties"
        ][metric.name]["description"]


@pytest.mark.parametrize("tool", TOOLS)
@pytest.mark.parametrize("kind", KINDS)
def test_editors_tools_accept_it(kind: str, tool: str, tmp_path: Path) -> None:
    found = shutil.which(tool, path=str(Path(sys.executable).parent)) or shutil.which(tool)
    if found is None:
        pytest.skip(f"{tool} is not installed: pip install {tool}")
    schema = tmp_path / "sizer.schema.json"
    schema.write_text(dumped(editor_schema(kind)))
    text = FILES[kind][0].read_text("utf-8")
    for name, content, well in (("good", text, True), ("bad", text + "\n[surprise]\n", False)):
        file = tmp_path / f"{name}.toml"
        file.write_text(f"#:schema ./sizer.schema.json\n{content}")
        done = subprocess.run(
            [found, *TOOLS[tool](schema, file)],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode == 0) is well, done.stdout + done.stderr
    assert "surprise" in done.stdout + done.stderr
