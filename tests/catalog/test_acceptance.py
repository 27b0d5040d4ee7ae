"""Reference curves: what they may say, and which one a model is given unasked."""

from __future__ import annotations

import pytest

from sizer.catalog.acceptance import Curve, curve_of, curves, find_curve
from sizer.catalog.lookup import Unknown
from sizer.schema.asked.serving import SpeculativeMethod


@pytest.mark.parametrize("curve", curves().values(), ids=lambda curve: curve.name)
def test_a_curve_yields_its_own_token_and_no_more_than_all_drafted(curve: Curve) -> None:
    assert curve.source.startswith("github:")
    assert "coding" in curve.dataset
    for tokens, length in enumerate(curve.lengths, start=1):
        assert 1.0 < length <= tokens + 1
        assert curve.at(tokens) == length


def test_a_curve_is_not_carried_on() -> None:
    curve = find_curve("glm5.2_mtp thinking_on")
    assert (curve.at(0), curve.at(3), curve.at(9)) == (1.0, 2.99, None)


def test_of_several_curves_a_model_gets_the_one_that_accepts_least() -> None:
    found = curve_of("deepseek-ai/DeepSeek-V4-Pro", "mtp")
    assert found is not None
    assert found.name == "dsv4_mtp thinking_on"
    assert found.lengths[0] < find_curve("dsv4_mtp thinking_off").lengths[0]


@pytest.mark.parametrize(
    ("model", "method"),
    [
        ("deepseek-ai/DeepSeek-V4-Pro", "eagle3"),
        ("deepseek-ai/DeepSeek-V4-Flash", "mtp"),
        ("deepseek-ai/DeepSeek-V3", "mtp"),
    ],
)
def test_another_draft_or_model_has_no_curve(model: str, method: SpeculativeMethod) -> None:
    assert curve_of(model, method) is None


def test_a_format_leaves_the_draft_alone() -> None:
    found = curve_of("nvidia/Qwen3.5-397B-A17B-NVFP4", "mtp")
    assert found == curve_of("Qwen/Qwen3.5-397B-A17B", "mtp")


def test_an_unknown_curve_names_the_nearest() -> None:
    with pytest.raises(Unknown) as caught:
        find_curve("glm5.2_mtp thinking_off")
    assert caught.value.hint == "did you mean 'glm5.2_mtp thinking_on'?"
