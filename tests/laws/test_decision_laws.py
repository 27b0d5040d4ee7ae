"""The law of what is said to pass one step away: judged by itself, it passes."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from sizer.pipeline import size
from sizer.pipeline.decisions import candidates, decisions
from sizer.schema.asked.profile import Fleet, ModelAsk, Profile, Rule, Select
from sizer.schema.asked.serving import Workload

BOUNDS = st.builds(
    "{} < {}".format,
    st.sampled_from(("itl_ms", "ttft_ms", "cost", "weights_gib", "cost_usd_per_mtok")),
    st.sampled_from((0.1, 1, 2, 5, 10, 20, 50, 200)),
)


@settings(max_examples=15)
@given(st.lists(BOUNDS, min_size=1, max_size=2), st.sampled_from(("cost", "itl_ms")), st.data())
def test_what_passes_one_step_away_survives(
    bounds: list[str], sort: str, data: st.DataObject
) -> None:
    asked = Profile(
        1,
        models=(ModelAsk("Qwen/Qwen2.5-7B", weights=("bf16", "fp8")),),
        fleet=Fleet(("H100-SXM5-80GB", "L4"), max_gpus_per_replica=2),
        workload=Workload(concurrency=(1, 8)),
        select=Select(sort=sort),
        rule=(Rule("bound", " and ".join(bounds)),),
    )
    (answer,) = size(asked, everything=True).answers
    chosen = () if answer.chosen is None else (answer.chosen, *answer.others)
    survivors = {each.candidate for each in chosen}
    named = [name for name in candidates(asked) if "+" not in name]  # of no load alone
    (decision,) = decisions(asked, data.draw(st.sampled_from(named)))
    assert (decision.candidate in survivors) is (decision.rank is not None)
    for each in decision.alternatives:
        assert (each.candidate is None) is (each.passing == 0)
        assert each.candidate is None or each.axis == "load" or each.candidate in survivors
