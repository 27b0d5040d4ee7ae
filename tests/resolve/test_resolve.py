from __future__ import annotations

import pytest
from attrs import evolve

from sizer.diagnostic import Problem
from sizer.resolve import resolve
from sizer.resolve.fleet import offers
from sizer.schema.answered.assumption import (
    AssumedLink,
    AssumedServer,
    Assumption,
    Devices,
    FittedLengths,
    HostCopies,
    LargeDevice,
    Namesake,
    NoBf16,
    Percentile,
    Remark,
    Servers,
    ShortContext,
    UnknownFact,
)
from sizer.schema.asked.profile import CustomGpu, Fleet, ModelAsk, Profile
from sizer.schema.asked.serving import Workload
from sizer.units import GB, GIB


def profile(model: str = "Qwen/Qwen2.5-7B", fleet: Fleet | None = None, **work: object) -> Profile:
    asked = fleet or Fleet(("H100",))
    return Profile(1, models=(ModelAsk(model),), fleet=asked, workload=Workload(**work))


def test_every_valid_split_is_a_candidate() -> None:
    scenario = resolve(profile()).scenario
    assert sorted(deployment.tp for deployment in scenario.deployments) == [1, 2, 4]


def test_auto_is_the_cache_format_that_the_checkpoint_asks_for() -> None:
    fleet = Fleet(("H200",))
    resolved = resolve(profile("nvidia/Llama-3.1-70B-Instruct-FP8", fleet))
    assert {each.kv_format.name for each in resolved.scenario.deployments} == {"fp8"}
    resolved = resolve(profile("microsoft/phi-2", fleet, input_tokens=(512,)))
    assert {each.kv_format.name for each in resolved.scenario.deployments} == {"fp16"}


def test_sweeps_are_every_combination() -> None:
    resolved = resolve(profile(input_tokens=(512, 1024), concurrency=(1, 8, 32)))
    assert len(resolved.scenario.loads) == 6


def test_an_ambiguous_name_says_how_it_was_taken() -> None:
    assert resolve(profile()).assumptions[0] == Remark("H100 taken as H100-SXM5-80GB")


def test_a_context_above_the_models_is_refused() -> None:
    with pytest.raises(Problem, match=r"SZ104.*2,000,000 tokens are more than the 131,072"):
        resolve(profile(max_context=2_000_000))


def test_a_context_below_the_workload_is_refused() -> None:
    with pytest.raises(Problem, match="input and output need 1280 tokens, above max_context = 512"):
        resolve(profile(max_context=512))


def test_unknown_names_are_refused_together() -> None:
    asked = Profile(1, models=(ModelAsk("Qwen9"),), fleet=Fleet(("H900",)))
    with pytest.raises(Problem) as caught:
        resolve(asked)
    assert {each.code for each in caught.value.diagnostics} == {"SZ701", "SZ702"}


def test_replicas_fill_the_fleet() -> None:
    fleet = Fleet(("H100",), max_gpus=8, max_gpus_per_replica=2)
    scenario = resolve(profile(fleet=fleet, concurrency=(64,))).scenario
    pairs = sorted((each.tp, each.replicas) for each in scenario.deployments)
    ones, twos = [(1, count) for count in range(1, 9)], [(2, count) for count in range(1, 5)]
    assert pairs == [*ones, *twos]


def test_what_a_custom_accelerator_leaves_out_comes_from_its_namesake() -> None:
    mine = CustomGpu("NVIDIA A100 80GB", 80.0, 2039.0, tflops_fp16=312.0, cost_per_hour=1.5)
    (offer,) = offers(Fleet(custom=(mine,)))
    assert offer.gpu.link_gb_s == 300.0
    assert offer.gpu.memory_gib == pytest.approx(79.15)
    assert [each.usd_per_gpu_hour for each in offer.prices] == [1.5]
    assert offer.assumptions[0] == Namesake("NVIDIA A100 80GB", "A100-SXM4-80GB")


def test_an_accelerator_nobody_knows_gets_a_stated_slow_link() -> None:
    (offer,) = offers(Fleet(custom=(CustomGpu("ours-1", 64.0, 1000.0, tflops_fp16=100.0),)))
    assert offer.gpu.memory_gib == pytest.approx(64 * GB / GIB)
    assert offer.gpu.peaks.bf16 == 100.0
    assert offer.prices == ()
    assert offer.assumptions == (AssumedLink("ours-1", "PCIe 3.0 x16", 16.0),)


def test_a_custom_accelerator_has_links_and_devices_of_its_own() -> None:
    given = {"like": "RTX-4090", "tflops_fp16": 165.0}
    measured = CustomGpu("ours-2", 24.0, 1008.0, host_copy_gb_s=20.0, server_size=4, **given)
    patched = CustomGpu("ours-3", 24.0, 1008.0, link_gb_s=25.0, **given)
    pair = CustomGpu("ours-4", 48.0, 768.0, domain_size=2, link_gb_s=56.0, pcie_gb_s=32.0)
    first, second, third = (each.gpu for each in offers(Fleet(custom=(measured, patched, pair))))
    assert (first.usable_link_gb_s, first.joined_devices) == (20.0, 4)
    assert (second.usable_link_gb_s, second.peer_to_peer) == (25.0, None)
    assert (third.domain_devices, third.joined_devices, third.pcie_gb_s) == (2, 8, 32.0)


@pytest.mark.parametrize(
    ("gpu", "note"),
    [
        ("RTX-3070", AssumedServer("RTX-3070", 8)),
        ("MI250X", Devices("MI250X", 2)),
        ("RTX-4090", HostCopies("RTX-4090", 12.0)),
    ],
)
def test_what_an_accelerator_is_to_a_server_and_to_an_engine_is_told(
    gpu: str, note: Assumption
) -> None:
    assert note in resolve(profile(fleet=Fleet((gpu,)))).assumptions
    assert note not in resolve(profile(fleet=Fleet(("H100-SXM",)))).assumptions


def test_what_no_two_devices_share_needs_no_note() -> None:
    one = resolve(profile(fleet=Fleet(("RTX-4090", "RTX-3070"), max_gpus_per_replica=1)))
    kinds = {type(each) for each in one.assumptions}
    assert not kinds & {AssumedServer, HostCopies}


def test_numbers_of_a_whole_accelerator_are_told_apart_from_those_of_a_device() -> None:
    whole = CustomGpu("MI250X", 128.0, 3277.0, tflops_fp16=383.0)
    one, single = evolve(whole, memory_gb=64.0), evolve(whole, devices_per_accelerator=1)
    notes = [offers(Fleet(custom=(each,)))[0].assumptions for each in (whole, one, single)]
    told = LargeDevice("MI250X", 128.0, "MI250X", 64.0, 2)
    assert [told in each for each in notes] == [True, False, False]


def test_what_stands_alone_lacks_no_link() -> None:
    asked = evolve(
        profile(), models=(ModelAsk("meta-llama/Llama-3.1-70B", ("bf16",)),), fleet=Fleet(("GB10",))
    )
    found = resolve(asked)
    assert any(each.pp > 1 for each in found.scenario.deployments)
    assert not any(isinstance(each, UnknownFact) for each in found.assumptions)


def test_percentiles_are_a_mean_and_a_spread_and_the_report_says_so() -> None:
    found = resolve(profile(input_tokens_percentiles={"p50": 800, "p90": 3000}))
    (load,) = found.scenario.loads
    assert (load.input_tokens, load.max_context) == (1362, 3256)
    assert load.input_tokens_spread == pytest.approx(1.3773, abs=1e-4)
    given = Percentile("p50", 800), Percentile("p90", 3000)
    spread = pytest.approx(1.3773, abs=1e-4)
    assert found.assumptions[1] == FittedLengths("prompts", given, 1362, spread)


def test_percentiles_above_the_models_context_are_refused() -> None:
    asked = profile(input_tokens_percentiles={"p50": 800, "p99": 200_000})
    with pytest.raises(Problem, match="200,256 tokens are more than the 131,072"):
        resolve(asked)
    short = profile(input_tokens_percentiles={"p50": 800, "p99": 200_000}, max_context=100_000)
    assert resolve(short).scenario.loads[0].max_context == 100_000


def large(gpu: str, **fleet: object) -> Profile:
    asked = (ModelAsk("meta-llama/Llama-3.1-405B", ("bf16",)),)
    return Profile(1, models=asked, fleet=Fleet((gpu,), max_gpus_per_replica=32, **fleet))


def test_an_unknown_network_is_a_reason_and_a_named_one_is_taken() -> None:
    none = resolve(large("L40S"))
    assert not any(each.pp > 1 for each in none.scenario.deployments)
    needed = Servers("meta-llama/Llama-3.1-405B", "bf16", 3, 8, "L40S", node_link_gb_s=None)
    assert needed in none.assumptions
    named = resolve(large("L40S", node_link_gb_s=12.5)).scenario
    assert {each.pp for each in named.deployments if each.tp == 8} == {3, 4}
    assert {each.node_link_gb_s for each in named.gpus} == {12.5}


def test_the_network_of_a_known_system_is_told() -> None:
    (note,) = (each for each in resolve(large("H100-SXM")).assumptions if isinstance(each, Servers))
    assert note == Servers("meta-llama/Llama-3.1-405B", "bf16", 2, 8, "H100-SXM5-80GB", 50.0)


def test_an_accelerator_without_bf16_is_told() -> None:
    told = NoBf16("V100-SXM2-32GB")
    asked = evolve(profile(), fleet=Fleet(("V100-SXM2-32GB", "L4")))
    assert told in resolve(asked).assumptions
    awq = tuple(evolve(each, weights=("awq",)) for each in asked.models)
    assert told not in resolve(evolve(asked, models=awq)).assumptions


def test_numbers_beside_a_name_replace_the_models_and_the_report_says_so() -> None:
    asked = ModelAsk("Qwen/Qwen2.5-7B", max_sequence_length=262_144)
    found = resolve(evolve(profile(max_context=200_000), models=(asked,)))
    assert {each.model.max_context for each in found.scenario.deployments} == {262_144}
    said = "Qwen/Qwen2.5-7B: max_sequence_length = 262,144 in place of 131,072"
    assert Remark(said) in found.assumptions


def test_one_models_short_context_is_that_models_alone() -> None:
    both = evolve(profile(), models=(ModelAsk("gpt2", ("bf16",)), ModelAsk("Qwen/Qwen2.5-7B")))
    found = resolve(both)
    assert found.models == ("gpt2", "Qwen/Qwen2.5-7B")
    assert {each.model.name for each in found.scenario.deployments} == {"Qwen/Qwen2.5-7B"}
    assert ShortContext("gpt2", max_context=1024, tokens=1280) in found.assumptions
    [none] = found.unproposed[0]
    assert (none.reason, none.splits > 0) == ("short context", True)
    alone = resolve(profile())
    assert found.unproposed[1:] == alone.unproposed


def test_a_load_that_no_model_takes_is_refused_for_each() -> None:
    with pytest.raises(Problem) as caught:
        resolve(evolve(profile(), models=(ModelAsk("gpt2"), ModelAsk("gpt2-xl"))))
    assert len(caught.value.diagnostics) == 2
