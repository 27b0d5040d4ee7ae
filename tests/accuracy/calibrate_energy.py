"""The constants of power, fitted anew.

Run with `python tests/accuracy/calibrate_energy.py ENERGY.csv -o FILE.toml`: ENERGY.csv has one row
a run, as energy_rows.py reads it. FILE is `sizer/catalog/calibration/power.toml` here.
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path

from energy_fit import fitted
from energy_rows import of_accelerators

from sizer.structure.facts import write_facts


def main() -> None:
    """Write the constants."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("measured", type=Path, metavar="ENERGY.csv")
    parser.add_argument("-o", "--output", type=Path, metavar="FILE.toml")
    arguments = parser.parse_args()
    text = write_facts(fitted(of_accelerators(arguments.measured)).calibration)
    if arguments.output:
        arguments.output.write_text(text, "utf-8")
    else:
        sys.stdout.write(text)


if __name__ == "__main__":
    main()
