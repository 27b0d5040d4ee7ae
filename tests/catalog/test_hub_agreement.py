"""What config_explorer and the hub's own client count, sizer counts too, over the same server."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hub_server import LLAMA, NAME, FakeHub, Repo, hub_of, safetensors

from sizer.catalog.hub import repository

ASK = """
import json, sys
from huggingface_hub import get_safetensors_metadata
from planner.capacity_planner import model_params_by_dtype
theirs = get_safetensors_metadata(sys.argv[1]).parameter_count
print(json.dumps([theirs, model_params_by_dtype(sys.argv[1])]))
"""


@pytest.mark.parametrize("shards", [1, 3])
def test_parameters_by_type_are_those_of_config_explorer(
    server: FakeHub, tmp_path: Path, shards: int
) -> None:
    pytest.importorskip("planner")
    files = {"config.json": json.dumps(LLAMA).encode()}
    if shards == 1:
        files["model.safetensors"] = safetensors({"BF16": 202_048, "F32": 640})
    else:
        names = [f"model-{n:05}-of-{shards:05}.safetensors" for n in range(1, shards + 1)]
        index = {"metadata": {}, "weight_map": {f"t{n}": name for n, name in enumerate(names)}}
        files["model.safetensors.index.json"] = json.dumps(index).encode()
        files |= {name: safetensors({"BF16": 1000 + n}) for n, name in enumerate(names)}
    server.repos[NAME] = Repo(files=files)
    what = repository(NAME)
    assert what
    ours = hub_of(server, tmp_path / "ours").snapshot(what).weights
    assert ours
    here = {"HF_ENDPOINT": server.url, "HF_HUB_OFFLINE": "0", "HF_HOME": str(tmp_path / "theirs")}
    done = subprocess.run(
        [sys.executable, "-c", ASK, NAME],
        env={**os.environ, **here, "HF_HUB_DISABLE_PROGRESS_BARS": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    client, explorer = json.loads(done.stdout)
    assert dict(ours.elements) == client == explorer
