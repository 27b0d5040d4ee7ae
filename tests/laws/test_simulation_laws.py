"""What holds of every simulated run."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st
from stepwise_engine import Stepwise

from sizer.schema.facts.requests import Requests
from sizer.schema.facts.step_times import StepTimes
from sizer.simulate import ROUTERS, Failure, Statistics, run
from sizer.simulate.house import House
from sizer.simulate.run import serve

SOME = settings(max_examples=150, deadline=None)


@st.composite
def engines(draw: st.DrawFn) -> StepTimes:
    """Draw an engine that is small enough to be full often."""
    slots = draw(st.integers(1, 12))
    slope = draw(st.sampled_from((0.0, 1e-4, 1e-3)))
    block = draw(st.sampled_from((1, 4, 16)))
    return StepTimes(
        decode_s=tuple(0.01 + slope * n for n in range(slots + 1)),
        cached_token_s=draw(st.sampled_from((0.0, 1e-6, 1e-4))),
        prompt_token_s=draw(st.sampled_from((1e-5, 1e-3))),
        squared_token_s=draw(st.sampled_from((0.0, 1e-6))),
        interference=draw(st.sampled_from((1.0, 0.8))),
        sharpness=2.0,
        max_num_batched_tokens=draw(st.integers(4, 200)),
        cache_blocks=draw(st.integers(-(-160 // block) + 2, 600 // block + 4)),
        block_tokens=block,
        request_blocks=draw(st.integers(0, 2)),
        whole_prompt_tokens=draw(st.sampled_from((0.0, 50.0))),
        prompts_first=draw(st.booleans()),
        evicts=draw(st.booleans()),
        prefill_wait_steps=draw(st.sampled_from((0, 0, 5))),
        scheduler_recv_interval=draw(st.sampled_from((1, 1, 3))),
    )


@st.composite
def columns(draw: st.DrawFn) -> Requests:
    """Draw requests that come close together or far apart."""
    count = draw(st.integers(1, 25))
    gaps = st.floats(0, draw(st.sampled_from((0.01, 0.3, 5.0))))
    lengths = st.integers(1, 80)
    return Requests(
        np.cumsum([draw(gaps) for _ in range(count)]),
        np.array([draw(lengths) for _ in range(count)]),
        np.array([draw(lengths) for _ in range(count)]),
    )


@st.composite
def prefixed(draw: st.DrawFn) -> Requests:
    """Draw requests some of whose prompts begin alike, by users or by a clock."""
    found = draw(columns())
    lengths = found.input_tokens.tolist()
    starts = [draw(st.integers(0, 2)) for _ in lengths]
    prefixes = tuple(
        tuple(10 * start + place for place in range(length // 16))
        for start, length in zip(starts, lengths, strict=True)
    )
    users = draw(st.sampled_from((None, None, 1, 4)))
    think_s = np.full(len(found), draw(st.sampled_from((0.0, 0.5))))
    return evolve(found, prefixes=prefixes, prefix_tokens=16, users=users, think_s=think_s)


replicas = st.builds(
    lambda times, replicas, groups: evolve(times, replicas=replicas, groups=groups),
    engines(),
    st.integers(1, 3),
    st.integers(1, 2),
)
failures = st.lists(
    st.builds(Failure, st.integers(1, 3), st.sampled_from((0.0, 0.2, 1.0, 9.0))), max_size=3
)


@SOME
@given(engines(), columns())
def test_it_agrees_with_an_engine_that_touches_every_request_in_every_step(
    times: StepTimes, requests: Requests
) -> None:
    asked = (requests.arrival_s, requests.input_tokens, requests.output_tokens)
    plain = Stepwise(times, *(column.tolist() for column in asked))
    plain.run()
    found = run(times, requests)
    assert found.first_s == pytest.approx(plain.first, rel=1e-9, abs=1e-9)
    assert found.last_s == pytest.approx(plain.last, rel=1e-9, abs=1e-9)
    assert sum(found.evictions.values()) == plain.evictions


@SOME
@given(
    replicas,
    prefixed(),
    failures,
    st.sampled_from(list(ROUTERS)),
    st.sampled_from((0.0, 0.05, 1.0, 7.0, float("inf"))),
)
def test_requests_and_blocks_are_conserved_whenever_a_run_is_cut_off(
    times: StepTimes, requests: Requests, gone: list[Failure], routed: str, until_s: float
) -> None:
    house = House.of(times, requests, routed, gone)
    serve(house, until_s)
    counts = Statistics(house.record, times).counts
    assert counts.arrived == counts.done + counts.running + counts.waiting + counts.lost
    inside = sum(each.outstanding for each in house.engines)
    assert inside == counts.running + counts.waiting
    for each in house.engines:
        cache = each.cache
        assert cache.used + cache.kept + cache.free == cache.blocks == times.cache_blocks
        assert min(cache.used, cache.kept, cache.free) >= 0
        assert each.outstanding or not cache.used
    if until_s == float("inf"):
        assert counts.arrived == len(requests)
        assert inside == 0


@SOME
@given(replicas, prefixed(), failures, st.sampled_from(list(ROUTERS)))
def test_the_order_of_events_is_that_of_time(
    times: StepTimes, requests: Requests, gone: list[Failure], routed: str
) -> None:
    served = Statistics(run(times, requests, routed=routed, failures=gone), times).served
    done = served.lost == 0
    marks = (served.arrival_s, served.ready_s, served.read_s, served.first_s, served.last_s)
    for before, after in pairwise(each[done] for each in marks):
        assert np.all(before <= after)


@SOME
@given(replicas, prefixed(), failures, st.sampled_from(list(ROUTERS)))
def test_the_same_requests_give_the_same_run(
    times: StepTimes, requests: Requests, gone: list[Failure], routed: str
) -> None:
    runs = [run(times, requests, routed=routed, failures=gone) for _ in range(2)]
    assert repr(runs[0].last_s) == repr(runs[1].last_s)
    assert runs[0].gap_s == runs[1].gap_s


@SOME
@given(replicas, prefixed(), st.sampled_from(list(ROUTERS)))
def test_percentiles_rise_with_the_percent_and_gaps_are_as_many_as_tokens(
    times: StepTimes, requests: Requests, routed: str
) -> None:
    record = run(times, requests, routed=routed)
    found = Statistics(record, times).metrics()
    for name in ("ttft", "tpot", "itl", "e2e"):
        each = [found[f"{name}_p{q}_ms"] for q in (50, 90, 95, 99)]
        assert all(low <= high for low, high in pairwise(each) if low == low)  # noqa: PLR0124
    assert sum(record.gap_count) == int((requests.output_tokens - 1).sum())


@SOME
@given(engines(), columns(), st.sampled_from((0.5, 0.9, 0.99)))
def test_faster_steps_never_make_a_fixed_order_take_longer(
    times: StepTimes, requests: Requests, faster: float
) -> None:
    """All come at once and nobody is taken out, so the order of steps is the same."""
    at_once = evolve(requests, arrival_s=np.zeros(len(requests)))
    roomy = evolve(times, cache_blocks=1 << 40)
    quick = evolve(
        roomy,
        decode_s=tuple(each * faster for each in roomy.decode_s),
        cached_token_s=roomy.cached_token_s * faster,
        prompt_token_s=roomy.prompt_token_s * faster,
        squared_token_s=roomy.squared_token_s * faster,
    )
    slow, fast = (np.array(run(each, at_once).last_s) for each in (roomy, quick))
    assert fast == pytest.approx(slow * faster, rel=1e-9)


@SOME
@given(engines(), st.integers(1, 80), st.integers(1, 80))
def test_a_lone_request_takes_its_prompt_and_its_steps(
    times: StepTimes, prompt: int, answer: int
) -> None:
    uncut = evolve(times, max_num_batched_tokens=1000)
    alone = Requests(np.zeros(1), np.array([prompt]), np.array([answer]))
    found = run(uncut, alone)
    work = times.prompt_token_s * prompt + times.squared_token_s * prompt**2
    first = (work**2 + times.decode_s[0] ** 2) ** 0.5
    steps = sum(
        times.decode_s[1] + times.cached_token_s * (prompt + token) for token in range(1, answer)
    )
    assert found.first_s == pytest.approx([first], rel=1e-9)
    assert found.last_s == pytest.approx([first + steps], rel=1e-9)
