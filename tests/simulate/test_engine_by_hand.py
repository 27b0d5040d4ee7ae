"""Runs that can be worked out with a pencil: a step takes a second, a prompt token a tenth."""

from __future__ import annotations

import numpy as np
import pytest
from attrs import evolve

from sizer.schema.facts.requests import Requests
from sizer.schema.facts.step_times import StepTimes
from sizer.simulate import Failure, Record, Statistics, run

PLAIN = StepTimes(
    decode_s=(0.0, *[1.0] * 8),
    cached_token_s=0.0,
    prompt_token_s=0.1,
    sharpness=2.0,
    max_num_batched_tokens=12,
    cache_blocks=100,
    block_tokens=4,
)


def requests(*each: tuple[float, int, int]) -> Requests:
    """Return requests, each when it comes, its prompt and its answer."""
    arrivals, inputs, outputs = zip(*each, strict=True)
    return Requests(np.array(arrivals), np.array(inputs), np.array(outputs))


def times_of(record: Record) -> tuple[list[float], list[float]]:
    return [round(each, 9) for each in record.first_s], [round(each, 9) for each in record.last_s]


def test_a_lone_request_reads_its_prompt_and_takes_a_step_for_each_further_token() -> None:
    assert times_of(run(PLAIN, requests((5.0, 10, 4)))) == ([6.0], [9.0])


def test_a_prompt_longer_than_a_step_is_cut() -> None:
    """12 tokens and 8 tokens alone: 1.2 + 0.8 seconds."""
    assert times_of(run(PLAIN, requests((0.0, 20, 1)))) == ([2.0], [2.0])


def test_a_prompt_shares_the_step_of_who_decodes() -> None:
    """The second comes in the first step; the next one takes 1 s and half a second of prompt."""
    first, last = times_of(run(PLAIN, requests((0.0, 10, 3), (0.5, 5, 2))))
    assert first == [1.0, 2.5]
    assert last == [3.5, 3.5]


def test_a_step_has_a_place_less_for_prompts_for_each_that_decodes() -> None:
    """One decodes, so 11 of the 12 tokens of the second are read in its first step."""
    first, _ = times_of(run(PLAIN, requests((0.0, 10, 9), (0.5, 12, 1))))
    assert first[1] == pytest.approx(1.0 + (1.0 + 1.1) + (1.0 + 0.1))


def test_decoding_waits_where_prompts_come_first() -> None:
    """The first has its second token after the prompt of the second: 1 + 0.5 + 1."""
    prompts_first = evolve(PLAIN, prompts_first=True)
    record = run(prompts_first, requests((0.0, 10, 2), (0.5, 5, 2)))
    assert times_of(record) == ([1.0, 1.5], [2.5, 2.5])
    assert sorted(zip(record.gap_s, record.gap_count, strict=True)) == [(1.0, 1), (1.5, 1)]


def test_nobody_overtakes_who_waits_for_a_place() -> None:
    one_place = evolve(PLAIN, decode_s=(0.0, 1.0))
    first, last = times_of(run(one_place, requests((0.0, 10, 2), (0.1, 10, 1), (0.2, 1, 1))))
    assert last[0] == 2.0
    assert first[1:] == [3.0, 3.1]


def test_a_queue_is_the_wait_for_a_place_after_the_step_that_runs() -> None:
    """The second comes in a step that ends at 1, and gets the place of the first at 2."""
    one_place = evolve(PLAIN, decode_s=(0.0, 1.0))
    record = run(one_place, requests((0.0, 10, 2), (0.5, 10, 1)))
    assert Statistics(record, one_place).of_requests()["queue"].tolist() == [0.0, 1000.0]


def test_the_youngest_leaves_a_full_cache_and_is_read_again() -> None:
    """Three blocks of 4: both prompts of 4 fit, and one more block when both grow in a step."""
    full = evolve(PLAIN, cache_blocks=3, max_num_batched_tokens=100)
    record = run(full, requests((0.0, 4, 5), (0.0, 4, 5)))
    first, last = times_of(record)
    assert record.evictions == {1: 1}
    assert first == [0.8, 0.8]
    assert last[0] == 4.8
    assert last[1] == pytest.approx(4.8 + 0.5 + 3.0)


def test_an_engine_that_reserves_starts_who_has_room_to_the_end() -> None:
    reserves = evolve(PLAIN, cache_blocks=3, max_num_batched_tokens=100, evicts=False)
    record = run(reserves, requests((0.0, 4, 5), (0.0, 4, 5)))
    assert not record.evictions
    assert times_of(record)[0] == [0.4, 4.8]


def test_a_request_that_no_cache_holds_is_lost_and_nobody_waits_for_it() -> None:
    record = run(evolve(PLAIN, cache_blocks=2), requests((0.0, 9, 1), (0.0, 4, 1)))
    assert record.lost == {0}
    assert times_of(record)[1][1] == 0.4


def test_a_prefix_is_read_once_while_it_is_kept() -> None:
    """Both prompts begin with the same 8 tokens; of the second's 10, two are read."""
    alike = evolve(requests((0.0, 10, 1), (5.0, 10, 1)), prefixes=((7, 8), (7, 8)), prefix_tokens=4)
    assert times_of(run(PLAIN, alike))[1] == [1.0, 5.2]


def test_a_prefix_goes_when_its_room_is_needed() -> None:
    """Three requests, four blocks: the second takes all of them, so the third reads all."""
    alike = evolve(
        requests((0.0, 8, 1), (5.0, 16, 1), (9.0, 8, 1)),
        prefixes=((7, 8), (), (7, 8)),
        prefix_tokens=4,
    )
    few = evolve(PLAIN, cache_blocks=4, max_num_batched_tokens=100)
    assert times_of(run(few, alike))[1] == [0.8, 6.6, 9.8]


def test_a_whole_prompt_in_the_cache_reads_one_token() -> None:
    alike = evolve(requests((0.0, 8, 1), (5.0, 8, 1)), prefixes=((7, 8), (7, 8)), prefix_tokens=4)
    assert times_of(run(PLAIN, alike))[1] == [0.8, 5.1]


def test_a_share_of_a_prompt_may_be_in_the_cache_from_the_start() -> None:
    half = evolve(requests((0.0, 10, 1)), cached_share=0.5)
    assert times_of(run(PLAIN, half))[1] == [0.5]


def test_prompts_are_held_back_while_somebody_decodes() -> None:
    """The second comes in the first step and waits for three steps of decoding."""
    held = evolve(PLAIN, prefill_wait_steps=3)
    first, _ = times_of(run(held, requests((0.0, 10, 9), (0.5, 10, 1))))
    assert first == [1.0, 1.0 + 3.0 + 2.0]


def test_an_engine_looks_for_requests_every_so_many_steps() -> None:
    """The second comes in step 2 of 4: it is read in the step after the fourth."""
    seldom = evolve(PLAIN, scheduler_recv_interval=4)
    first, _ = times_of(run(seldom, requests((0.0, 10, 9), (2.5, 10, 1))))
    assert first == [1.0, 1.0 + 4.0 + 2.0]


def test_a_static_batch_starts_and_ends_together() -> None:
    static = evolve(PLAIN, static_batching=True)
    first, last = times_of(run(static, requests((0.0, 10, 2), (0.5, 5, 1), (0.5, 5, 4))))
    assert (first, last) == ([1.0, 3.0, 3.0], [2.0, 6.0, 6.0])


def test_a_replica_that_fails_leaves_its_requests_to_the_others() -> None:
    two = evolve(PLAIN, replicas=2)
    record = run(two, requests((0.0, 10, 9), (0.0, 10, 9)), failures=[Failure(1, 3.5)])
    assert record.resent == {0: 1}
    assert not record.lost
    assert record.replica == [2, 2]
    assert times_of(record)[0] == [pytest.approx(4.0 + 2.0), 1.0]
    assert record.sent_s == [0.0, 0.0]


def test_requests_are_lost_when_no_replica_is_left() -> None:
    record = run(PLAIN, requests((0.0, 10, 9), (5.0, 1, 1)), failures=[Failure(1, 3.5)])
    assert record.lost == {0, 1}
    assert not record.resent


def test_attention_groups_are_engines_of_their_own_and_fail_together() -> None:
    groups = evolve(PLAIN, groups=2, replicas=2)
    record = run(groups, requests(*[(0.0, 10, 9)] * 4), failures=[Failure(2, 1.5)])
    assert sorted(record.resent) == [2, 3]


def test_the_least_loaded_replica_is_chosen() -> None:
    two = evolve(PLAIN, replicas=2)
    each = requests((0.0, 10, 20), (0.1, 10, 1), (2.0, 10, 1), (4.0, 10, 1))
    assert run(two, each, routed="least_loaded").replica == [1, 2, 2, 2]
    assert run(two, each, routed="round_robin").replica == [1, 2, 1, 2]


def test_an_affine_router_keeps_together_what_belongs_together() -> None:
    two = evolve(PLAIN, replicas=2)
    each = requests((0.0, 10, 1), (1.0, 10, 1), (2.0, 10, 1), (3.0, 10, 1))
    keyed = evolve(each, keys=np.array([4, 4, 5, 4]))
    assert run(two, keyed, routed="affine").replica == [1, 1, 2, 1]
    hashed = evolve(each, prefixes=((1, 2), (3, 4), (3, 5), (1, 2)), prefix_tokens=4)
    assert run(two, hashed, routed="affine").replica == [1, 1, 1, 1]
    busy = evolve(hashed, arrival_s=np.zeros(4))
    assert run(two, busy, routed="affine").replica == [1, 2, 1, 2]


def test_users_send_the_next_request_after_an_answer_and_a_thought() -> None:
    """A prompt of a second, a token of a second, three seconds of thinking."""
    users = evolve(requests(*[(0.0, 10, 2)] * 3), users=1, think_s=np.full(3, 3.0))
    record = run(PLAIN, users)
    assert record.sent_s == [0.0, 5.0, 10.0]
    assert record.last_s == [2.0, 7.0, 12.0]


def test_a_closed_loop_keeps_as_many_in_flight_as_there_are_users() -> None:
    users = evolve(requests(*[(0.0, 4, 3)] * 12), users=3)
    record = run(evolve(PLAIN, max_num_batched_tokens=100), users)
    assert record.sent_s[:3] == [0.0] * 3
    assert record.sent_s[3:6] == record.last_s[:3]


def test_what_is_outside_of_steps_is_added_to_the_first_and_the_last_token() -> None:
    found = Statistics(run(PLAIN, requests((0.0, 10, 2))), evolve(PLAIN, first_token_s=0.25))
    assert found.metrics()["ttft_p50_ms"] == 1250
    assert found.metrics()["tpot_p50_ms"] == 1000
    assert found.metrics()["e2e_ms"] == 2250


def test_the_course_of_a_run_adds_up() -> None:
    """Idle for five seconds of ten; one request runs for three and waits for two."""
    record = run(evolve(PLAIN, max_num_batched_tokens=10), requests((5.0, 20, 4)))
    found = Statistics(record, PLAIN)
    course = found.course(10)
    assert course.part_s == 1.0
    assert course.busy == (0.0,) * 5 + (1.0,) * 5
    assert course.waiting == (0.0,) * 5 + (1.0,) * 2 + (0.0,) * 3
    assert course.running == (0.0,) * 7 + (1.0,) * 3
    assert found.busy == 0.5


USERS = evolve(requests((0.0, 10, 3), (0.0, 5, 2)), users=2)


def test_a_first_token_comes_as_late_as_was_measured_in_closed_loops() -> None:
    """Two passes of 1.2 and 1.3 s. Measured: four steps more than alone. Scheduled: two and a half.

    So both tokens of the second are a step and a half late.
    """
    late = evolve(PLAIN, step_wait=2.0)
    found = Statistics(run(late, USERS), late).served
    assert found.first_s.tolist() == pytest.approx([1.2, 4.0])
    assert found.last_s.tolist() == pytest.approx([3.5, 5.0])


def test_a_first_token_is_late_where_prompts_come_first() -> None:
    """Measured: four steps more than alone. Scheduled: half of one."""
    late = evolve(PLAIN, step_wait=2.0, prompts_first=True)
    assert Statistics(run(late, USERS), late).served.first_s.tolist() == pytest.approx([1.2, 5.0])


def test_a_schedule_later_than_measured_is_left_as_it_is() -> None:
    late = evolve(PLAIN, step_wait=1.0)
    assert Statistics(run(late, USERS), late).served.first_s.tolist() == pytest.approx([1.2, 2.5])


def test_nothing_is_late_at_a_rate() -> None:
    late = evolve(PLAIN, step_wait=2.0)
    found = Statistics(run(late, requests((0.0, 10, 3), (0.5, 5, 2))), late).served
    assert found.first_s.tolist() == pytest.approx([1.0, 2.5])


def test_launches_of_a_prompt_count_as_far_as_no_decoding_hides_them() -> None:
    """Of 1.25 s the second hides a step: alone it takes 0.5 + 1.25 s, and with the first 1.5 s."""
    eager = evolve(PLAIN, eager_s=1.25)
    found = Statistics(run(eager, requests((0.0, 10, 3), (0.5, 5, 2))), eager).served
    assert found.first_s.tolist() == pytest.approx([2.25, 2.75])
