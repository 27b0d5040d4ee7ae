"""`MEASURED`: a file of measurements, in a table of points or as another tool wrote it."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from sizer.cli.streams.streams import tell

if TYPE_CHECKING:  # the parser alone reads no table
    from sizer.structure.files.csv_document import Table


def declare_measured(parser: ArgumentParser) -> None:
    """Declare the file, and what the user says of one that names no accelerator or model."""
    help_ = "a table of points with columns measured_<metric>, or what `sizer import` reads"
    parser.add_argument("measured", metavar="MEASURED", type=Path, help=help_)
    parser.add_argument("--gpu", metavar="NAME", help="the accelerator, where a log names none")
    parser.add_argument("--model", metavar="NAME", help="the model, where a log has but a path")


def measured_of(arguments: Namespace) -> Table:
    """Return the table of the file, and say what its reader noticed."""
    from sizer.imports.measurements import Named, measurements

    found = measurements(arguments.measured, Named(arguments.gpu, arguments.model))
    tell(found.notes)
    return found.table
