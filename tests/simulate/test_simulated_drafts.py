"""A simulated step of drafts yields several tokens of each request, whole ones in each step."""

from __future__ import annotations

import pytest

from sizer.simulate.batch import Batch


@pytest.mark.parametrize(
    ("accepted", "left", "steps"),
    [(1.0, 7, 7), (2.0, 7, 4), (2.5, 10, 4), (2.5, 11, 5), (1.7, 17, 10), (3.0, 1, 1)],
)
def test_an_answer_takes_as_many_steps_as_its_tokens_need(
    accepted: float, left: int, steps: int
) -> None:
    batch = Batch(16, accepted)
    batch.start(0, 100, left)
    assert batch.steps_to_end == steps
    batch.advance(steps - 1)
    assert not batch.ended()
    batch.advance(1)
    assert [each.request for each in batch.ended()] == [0]


@pytest.mark.parametrize("accepted", [1.0, 1.8, 2.5, 4.0])
def test_blocks_grow_as_tokens_do(accepted: float) -> None:
    batch = Batch(16, accepted)
    batch.start(0, 100, 10_000)
    held = -(-100 // 16)
    for _ in range(50):
        held += batch.growth()
        batch.advance(1)
        assert held == -(-batch.length // 16)


def test_several_steps_grow_like_one_after_another() -> None:
    one, many = Batch(16, 2.3), Batch(16, 2.3)
    for each in (one, many):
        for request, length in enumerate((5, 31, 64)):
            each.start(request, length, 10_000)
    taken = 0
    for _ in range(40):
        taken += one.growth()
        one.advance(1)
    assert many.growth(40) == taken
    many.advance(40)
    assert (many.length, many.clock) == (one.length, one.clock)
