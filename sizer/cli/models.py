"""`sizer models`: the models of the catalog."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from sizer.cli.command import Command
from sizer.cli.exit import Exit
from sizer.cli.streams import answer
from sizer.schema.report import Value

COLUMNS = (
    "name",
    "params_b",
    "active_params_b",
    "layers",
    "attention",
    "is_moe",
    "max_context",
    "weights",
)


def declare(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("text", metavar="TEXT", nargs="?", default="", help="a part of the name")
    parser.add_argument("--format", choices=("text", "json", "csv"), default="text")


def handle(arguments: Namespace) -> Exit:
    """List the models whose name contains a text."""
    from sizer.catalog.models import model_names  # noqa: PLC0415  # heavy
    from sizer.render.listing import listing  # noqa: PLC0415  # heavy

    wanted = arguments.text.casefold()
    rows = [_row(name) for name in model_names() if wanted in name.casefold()]
    answer(listing(rows, COLUMNS, arguments.format))
    return Exit.WELL if rows else Exit.NOTHING_SURVIVES


def _row(name: str) -> dict[str, Value]:
    from sizer.catalog.models import find_model  # noqa: PLC0415  # heavy

    model = find_model(name).value
    return {
        "name": model.name,
        "params_b": model.parameters / 1e9,
        "active_params_b": model.active_parameters / 1e9,
        "layers": model.layer_count,
        "attention": model.attention,
        "is_moe": model.is_moe,
        "max_context": model.max_context,
        "weights": model.weights,
    }


COMMAND = Command("models", "list the models of the catalog", declare, handle)
