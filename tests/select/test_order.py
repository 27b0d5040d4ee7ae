from __future__ import annotations

import numpy as np

from sizer.expr.check import Policy
from sizer.expr.language.expression import SortKey
from sizer.schema.table import Column
from sizer.select import Lead, Order, tie_keys

TABLE = {
    **{key.name: Column(np.full(4, np.nan)) for key in tie_keys(())},
    "tokens_per_second": Column(np.array([10.0, 30.0, np.nan, 30.0])),
    "cost_usd_per_hour": Column(np.array([1.0, 4.0, 0.5, 2.0])),
    "fits": Column(np.array([0, 1, -1, 0], np.int8)),
    "gpu": Column(np.array([1, 0, 1, -1], np.int32), ("A100", "T4")),
}
TIES = (np.arange(4, dtype=np.int32),)
FAST = SortKey("tokens_per_second", descending=True)
CHEAP = SortKey("cost_usd_per_hour", descending=False)


def order(*keys: SortKey, limit: int | None = None) -> list[int]:
    return Order.of(keys, TABLE, TIES).best(np.arange(4), limit).tolist()


def test_later_keys_break_ties_and_unknown_is_last() -> None:
    assert order(FAST, CHEAP) == [3, 1, 0, 2]


def test_a_limit_keeps_the_best_and_their_order() -> None:
    assert order(FAST, CHEAP, limit=1) == [3]
    assert order(CHEAP, limit=2) == [2, 0]


def test_texts_sort_by_their_letters() -> None:
    assert order(SortKey("gpu", descending=False)) == [1, 2, 0, 3]  # the cheaper of two


def test_truths_sort_false_first_and_unknown_last() -> None:
    assert order(SortKey("fits", descending=False)) == [0, 3, 1, 2]
    assert order(SortKey("fits", descending=True)) == [1, 0, 3, 2]


def test_the_order_of_rows_changes_nothing() -> None:
    shuffled = np.array([2, 0, 3, 1])
    assert Order.of((FAST, CHEAP), TABLE, TIES).best(shuffled, 3).tolist() == [3, 1, 0]


def test_the_best_of_each_group_is_the_first_of_its_rows() -> None:
    found = Order.of((FAST, CHEAP), TABLE, TIES).best_of_each(
        np.array([2, 0, 3, 1]), np.array([5, 2, 2, 5])
    )
    assert sorted(found.tolist()) == [1, 3]
    assert Order.of((FAST,), TABLE, TIES).best_of_each(TIES[0][:0], TIES[0][:0]).tolist() == []


def test_what_matters_breaks_a_tie_before_the_name_does() -> None:
    order = Order.of((), {**TABLE, "itl_ms": Column(np.array([9.0, 3.0, np.nan, 3.0]))}, TIES)
    assert order.best(np.arange(4), None).tolist() == [2, 0, 3, 1]
    assert [order.parting(2, 0), order.parting(3, 1)] == [1, 1]
    alike = Order.of((FAST,), {**TABLE, "cost_usd_per_hour": Column(np.full(4, np.nan))}, TIES)
    assert alike.lead(np.arange(4)) == Lead((-30.0,), 2, 1)
    assert alike.parting(1, 3) is None
    asked = Policy((), (FAST,), None, ())
    assert alike.lead(np.array([2])).chooses(asked) is False
    assert alike.lead(np.array([1])).chooses(asked) is True
