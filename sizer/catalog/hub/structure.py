"""A snapshot as a model's structure."""

from __future__ import annotations

from attrs import evolve

from sizer.catalog.checkpoint import CONFIG, read_checkpoint
from sizer.catalog.hub.faults import NO_MODEL, HubFault
from sizer.catalog.hub.snapshot import Snapshot
from sizer.catalog.lookup import Found
from sizer.schema.facts.model import Model
from sizer.schema.facts.provenance import Checkpoint


def found_in(snapshot: Snapshot, name: str) -> Found[Model]:
    """Return the structure that a snapshot describes, under the name that was asked for.

    Raises HubFault when it describes none that sizer reads.
    """
    try:
        model = read_checkpoint(snapshot.files, snapshot.weights, name)
    except ValueError as fault:
        help_ = "describe the model by hand: num_parameters, num_layers, hidden_size and heads"
        raise HubFault(NO_MODEL, str(fault), help_) from fault
    origin = Checkpoint(f"{snapshot.host}/{snapshot.name}", snapshot.commit, CONFIG)
    note = f"{name}: as {snapshot.host} has it at {snapshot.commit[:12]}"
    said = "; ".join(each for each in (note, model.note) if each)
    return Found(evolve(model, provenance=origin), said, snapshot.commit)
