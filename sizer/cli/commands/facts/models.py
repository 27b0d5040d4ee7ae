"""`sizer models`: the models of the catalog."""

from __future__ import annotations

from sizer.cli.commands.facts.catalog_list import Row, list_command

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


def _rows(text: str) -> list[Row]:
    from sizer.catalog.models import models_called

    return [_row(name) for name in models_called(text)]


def _taken(text: str) -> str | None:
    """Return what a profile would take a name as, None for one that nobody knows."""
    from sizer.catalog.models import find_model, knows_model

    return find_model(text).note if knows_model(text) else None


def _row(name: str) -> Row:
    from sizer.catalog.models import find_model

    model = find_model(name).value
    return {
        "name": model.name,
        "params_b": model.parameters / 1e9,
        "active_params_b": model.active_parameters / 1e9,
        "layers": model.layer_count,
        "attention": model.attention,
        "is_moe": model.is_moe,
        "max_context": model.max_context,
        "weights": model.weights if model.states_weights else None,
    }


COMMAND = list_command("models", "list the models of the catalog", COLUMNS, _rows, _taken)
