"""The indices of names that `sizer check` reads in place of every file of the catalog.

Run `python tests/catalog/indices.py` to write them; tests say when they are out of date.
"""

from __future__ import annotations

import json
from pathlib import Path

from sizer.catalog import format_names, formats, gpus, models

FILES = {
    Path(str(gpus.FOLDER)) / "index.json": lambda: json.dumps(gpus.build_index(), indent=1) + "\n",
    Path(str(models.FOLDER)) / "index.json": models.build_index,
    Path(str(models.FOLDER)) / "tasks.json": models.build_tasks,
    Path(str(models.FOLDER)) / "unstated.json": models.build_unstated,
    Path(str(format_names.FILE)): formats.build_names,
}

if __name__ == "__main__":
    for file, text in FILES.items():
        file.write_text(text(), "utf-8")
