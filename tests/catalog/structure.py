"""A config.json as a file of the catalog.

Run `python tests/catalog/structure.py config.json ORG/MODEL SOURCE`; it writes to standard output.
"""

from __future__ import annotations

import sys
from pathlib import Path

from attrs import evolve

from sizer.catalog.local import read_local
from sizer.structure.facts import write_facts

if __name__ == "__main__":
    config, name, source = sys.argv[1:]
    model = evolve(read_local(Path(config), config), name=name, source=source)
    sys.stdout.write(write_facts(model))
