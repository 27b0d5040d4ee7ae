"""Prompts of sessions: the mean of all turns has room for what they send again."""

from __future__ import annotations

import pytest

from sizer.diagnostic import Problem
from sizer.resolve import resolve
from sizer.schema.asked.profile import Fleet, ModelAsk, Profile
from sizer.schema.asked.serving import Workload


def profile(tokens: int, turns: int) -> Profile:
    load = Workload(
        input_tokens=(tokens,),
        output_tokens=(100,),
        request_rate=(1.0,),
        turns=turns,
        think_time_s=10.0,
    )
    models, fleet = (ModelAsk("Qwen/Qwen2.5-7B"),), Fleet(("L40S",))
    return Profile(1, models=models, fleet=fleet, workload=load)


def test_answers_of_earlier_turns_must_have_room_in_a_prompt() -> None:
    """Four turns: messages of 1 token, answers of 100: prompts of 1, 102, 203 and 304, 152.5."""
    with pytest.raises(Problem) as caught:
        resolve(profile(152, 4))
    (fault,) = caught.value.diagnostics
    assert fault.message == "prompts of 152 tokens have no room for the answers of 4 turns"
    assert fault.help == "input_tokens counts the history too: it is 153 at least"
    assert resolve(profile(153, 4)).scenario


def test_the_last_turn_is_the_longest_context() -> None:
    """Each of 4 turns adds 2 x (1000 + 100) / 5 = 440 tokens."""
    (load,) = resolve(profile(1000, 4)).scenario.loads
    assert load.max_context == 4 * 440
    assert load.history_share == pytest.approx((440 + 880 + 1320) / 4 / 1000)
