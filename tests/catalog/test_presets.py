"""Presets: every name that a profile may give, each with its source, computed where it says so."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest
from preset_figures import figures, of_table

from sizer.catalog.presets import presets
from sizer.load.question.question import load_document
from sizer.schema.asked.serving import PresetName, Workload
from sizer.structure.toml.document import parse_document

EXCERPT = Path(__file__).parents[1] / "traffic" / "logs" / "azure-2023.csv"


def workload(table: str) -> Workload:
    text = f'dsl = 1\n[[models]]\nname = "meta-llama/Llama-3.1-8B"\n[workload]\n{table}\n'
    return load_document(parse_document(text, "profile.toml"), Path.cwd()).profile.workload


def test_every_name_that_a_profile_may_give_is_a_preset() -> None:
    assert set(presets()) == set(get_args(PresetName))


@pytest.mark.parametrize("name", get_args(PresetName))
def test_a_preset_is_the_load_and_says_whose(name: str) -> None:
    preset, work = presets()[name], workload(f'preset = "{name}"')
    assert (work.input_tokens, work.output_tokens) == (
        (preset.input_tokens,),
        (preset.output_tokens,),
    )
    assert work.input_tokens_spread == (preset.input_tokens_spread or 0.0)
    assert work.prefix_hit_share == (preset.prefix_hit_share or 0.0)
    assert "/" in preset.source
    assert ":" in preset.source


def test_keys_of_the_profile_go_before() -> None:
    work = workload('preset = "rag"\ninput_tokens = 500\nprefix_hit_share = 0')
    assert (work.input_tokens, work.input_tokens_spread) == ((500,), 0.343)
    assert (work.output_tokens, work.prefix_hit_share) == ((283,), 0.0)
    by_percentile = workload('preset = "rag"\ninput_tokens_percentiles = { p50 = 9, p90 = 90 }')
    assert by_percentile.input_tokens_spread == 0.0
    assert by_percentile.output_tokens == (283,)


def test_figures_are_means_and_spreads() -> None:
    """Worked by hand: 100 and 300 are 200 on average, and 100 from it."""
    assert figures([(100, 10), (300, 10), (0, 5)]).splitlines() == [
        "requests = 2",
        "input_tokens = 200",
        "input_tokens_spread = 0.5",
        "output_tokens = 10",
        "output_tokens_spread = 0",
    ]
    assert len(of_table(EXCERPT, "ContextTokens", "GeneratedTokens")) == 300
