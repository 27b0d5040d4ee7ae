"""What must hold of times with LoRA, however many adapters of whatever rank."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from scenarios import deployment, grid

from sizer.estimate import estimate
from sizer.schema.asked.serving import Engine
from sizer.schema.scenario import Load

MODELS = st.sampled_from((("meta-llama/Llama-3.1-8B", 1), ("mistralai/Mixtral-8x7B-v0.1", 4)))
VERSIONS = st.sampled_from((None, "0.7.0"))
NAMES = ("itl_ms", "decode_step_ms", "prefill_ms", "ttft_ms", "e2e_ms")
Asked = tuple[str, int]


def times(asked: Asked, users: int, version: str | None, loras: int, rank: int) -> list[float]:
    engine = Engine(version=version, max_loras=loras, max_lora_rank=rank)
    load = Load(500, 200, users, None, 1024)
    rows = grid((deployment(asked[0], tp=asked[1]),), loads=(load,), engine=engine)
    found = estimate(rows, NAMES)
    return [float(found[name].values[0]) for name in NAMES]


@given(MODELS, st.integers(1, 64), VERSIONS, st.integers(0, 8), st.integers(0, 8))
def test_more_adapters_are_never_faster(
    asked: Asked, users: int, version: str | None, few: int, more: int
) -> None:
    less, much = (times(asked, users, version, loras, 16) for loras in (few, few + more))
    assert all(one <= other * (1 + 1e-12) for one, other in zip(less, much, strict=True))


@given(MODELS, st.integers(1, 64), VERSIONS, st.integers(1, 128), st.integers(0, 128))
def test_a_larger_rank_is_never_faster(
    asked: Asked, users: int, version: str | None, small: int, more: int
) -> None:
    less, much = (times(asked, users, version, 2, rank) for rank in (small, small + more))
    assert all(one <= other * (1 + 1e-12) for one, other in zip(less, much, strict=True))


@given(MODELS, st.integers(1, 64), VERSIONS)
def test_adapters_cost_time(asked: Asked, users: int, version: str | None) -> None:
    plain, adapted = (times(asked, users, version, loras, 8) for loras in (0, 1))
    assert all(one < other for one, other in zip(plain, adapted, strict=True))


def test_the_interval_is_twice_as_wide_and_holds_the_plain_one() -> None:
    names = ("itl_ms", "itl_ms_low", "itl_ms_high")
    plain, adapted = (
        estimate(grid((deployment("meta-llama/Llama-3.1-8B"),), engine=engine), names)
        for engine in (Engine(), Engine(max_loras=1))
    )
    for end in ("low", "high"):
        narrow, wide = (
            float(each[f"itl_ms_{end}"].values[0] / each["itl_ms"].values[0])
            for each in (plain, adapted)
        )
        assert abs(wide - narrow**2) < 1e-9
