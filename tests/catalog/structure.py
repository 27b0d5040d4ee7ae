"""A config.json as a file of the catalog.

Run `python tests/catalog/structure.py config.json ORG/MODEL REPOSITORY@COMMIT:FILE`, the place that
the config.json is from; it writes to standard output.
"""

from __future__ import annotations

import sys
from pathlib import Path

from attrs import evolve

from sizer.catalog.local import read_local
from sizer.schema.facts.provenance import Checkpoint
from sizer.structure.facts import write_facts

if __name__ == "__main__":
    config, name, place = sys.argv[1:]
    repository, _, rest = place.partition("@")
    commit, _, file = rest.partition(":")
    if not (repository and commit and file):
        sys.exit(f"{place!r} is no REPOSITORY@COMMIT:FILE")
    read = read_local(Path(config), config)
    model = evolve(read, name=name, provenance=Checkpoint(repository, commit, file))
    sys.stdout.write(write_facts(model))
