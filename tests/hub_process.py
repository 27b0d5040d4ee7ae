"""The command in a process of its own, with a hub on this machine in place of the real one."""

from __future__ import annotations

import subprocess
from pathlib import Path

from command_line import COMMAND, environment
from hub_server import TOKEN


def ran(
    endpoint: str, folder: Path, *arguments: str, **more: str
) -> subprocess.CompletedProcess[bytes]:
    """Run a command in a folder, with a token and a cache in that folder."""
    here = {
        "HF_ENDPOINT": endpoint,
        "HF_HUB_OFFLINE": "",
        "SIZER_CACHE_DIR": str(folder / "cache"),
        "HF_TOKEN": TOKEN,
        **more,
    }
    return subprocess.run(
        [*COMMAND, *arguments],
        capture_output=True,
        env=environment(**here),
        cwd=folder,
        timeout=60,
        check=False,
    )
