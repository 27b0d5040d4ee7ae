from math import exp, inf, sqrt
from statistics import NormalDist

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sizer.schema.asked.lengths import answers, context, log_normal, prompts, share_below
from sizer.schema.asked.serving import Workload


@given(st.floats(3.0, 9.0), st.floats(0.05, 1.5))
def test_percentiles_of_a_log_normal_give_it_back(middle: float, sigma: float) -> None:
    shares = {"p10": 0.1, "p50": 0.5, "p99.9": 0.999}
    quantiles = {
        name: exp(middle + sigma * NormalDist().inv_cdf(share)) * 1e6
        for name, share in shares.items()
    }
    mean, spread = log_normal({name: round(each) for name, each in quantiles.items()})
    assert mean == pytest.approx(1e6 * exp(middle + sigma**2 / 2), rel=1e-3)
    assert spread == pytest.approx(sqrt(exp(sigma**2) - 1), rel=1e-3)


def test_equal_percentiles_have_no_spread() -> None:
    assert log_normal({"p50": 700, "p90": 700}) == (pytest.approx(700), 0.0)


def test_two_percentiles_lie_on_the_line() -> None:
    """Worked by hand: ln(3000/800) / 1.281552 = 1.031365, which is the slope."""
    mean, spread = log_normal({"p50": 800, "p90": 3000})
    assert (mean, spread) == (pytest.approx(1361.7, abs=0.1), pytest.approx(1.3773, abs=1e-4))


def test_the_wildest_percentiles_have_no_finite_mean() -> None:
    assert log_normal({"p49": 1, "p50": 100_000_000}) == (inf, inf)


@pytest.mark.parametrize("name", ["p0", "p100", "p0.0", "50", "P50", "p", "p-5", "p50 ", "p5_0"])
def test_what_is_no_percentile(name: str) -> None:
    assert share_below(name) is None


def test_what_is_one() -> None:
    assert (share_below("p5"), share_below("p99.9")) == (0.05, pytest.approx(0.999))


def test_a_load_has_lengths_either_way() -> None:
    load = Workload(
        input_tokens=(10, 20),
        input_tokens_spread=0.5,
        output_tokens_percentiles={"p50": 100, "p90": 100},
    )
    assert (prompts(load).means, prompts(load).spread, prompts(load).longest) == ((10, 20), 0.5, 20)
    assert (answers(load).means, answers(load).spread, answers(load).longest) == ((100,), 0.0, 100)


def test_the_longest_lengths_named_are_promised_unless_a_context_is() -> None:
    load = Workload(
        input_tokens_percentiles={"p50": 800, "p90": 3000}, output_tokens_percentiles={}
    )
    assert context(load) == 3000 + 256
    assert context(Workload(max_context=99)) == 99
