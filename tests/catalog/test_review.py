"""Entries of the catalog against checkpoints: what differs, and the entry that would agree."""

from __future__ import annotations

from attrs import evolve

from sizer.catalog.models import find_model
from sizer.catalog.review import reviewed
from sizer.schema.facts.model import Model
from sizer.schema.facts.provenance import Checkpoint
from sizer.structure.facts import read_facts

HUB = Checkpoint("hub.invalid/nvidia/Llama-3.1-70B-Instruct-FP8", "f" * 40, "config.json")
ALIAS = "nvidia/Llama-3.1-70B-Instruct-FP8"


def checkpoint(name: str, **changes: object) -> Model:
    own = find_model(name).value
    stored = tuple(each for each in own.stored if each.repository == own.name)
    return evolve(own, provenance=HUB, stored=stored, **changes)


def test_what_agrees_changes_nothing() -> None:
    for name in ("deepseek-ai/DeepSeek-V3", ALIAS):
        review = reviewed(name, checkpoint(name))
        assert review is not None
        assert review.agrees
        assert review.after == review.before


def test_a_structure_takes_what_its_checkpoint_says_and_keeps_what_is_ours() -> None:
    name = "deepseek-ai/DeepSeek-V3"
    review = reviewed(name, checkpoint(name, max_context=1024, draft_parameters=0))
    assert review is not None
    assert review.differs == ("max_context", "rotary_table")
    was, now = (read_facts(text, Model) for text in (review.before, review.after))
    assert now == evolve(was, max_context=1024, provenance=HUB)


def test_an_alias_is_changed_alone() -> None:
    review = reviewed(ALIAS, checkpoint(ALIAS, kv_cache=None, max_context=1024))
    assert review is not None
    assert (review.differs, review.foreign) == (("max_context", "kv_cache"), ())
    was, now = (read_facts(text, Model) for text in (review.before, review.after))
    changed = {each.name: each for each in now.aliases}[ALIAS]
    assert (changed.kv_cache, changed.max_context, changed.provenance) == (None, 1024, HUB)
    others = [each for each in was.aliases if each.name != ALIAS]
    assert [each for each in now.aliases if each.name != ALIAS] == others
    assert evolve(now, aliases=was.aliases) == was


def test_other_shapes_are_no_alias() -> None:
    review = reviewed(ALIAS, checkpoint(ALIAS, hidden_size=64))
    assert review is not None
    assert (review.differs, review.foreign) == ((), ("hidden_size",))
    assert not review.agrees
    assert review.after == review.before


def test_a_derived_name_has_no_entry() -> None:
    assert reviewed("someone/Qwen3-8B-FP8-dynamic", checkpoint("Qwen/Qwen3-8B")) is None
