from __future__ import annotations

from typing import get_args

import pytest
from attrs import asdict

from sizer.render.report.assumptions import assumption_data, assumption_text
from sizer.schema.answered.adapters import UnscoredAdapters
from sizer.schema.answered.assumption import (
    AssumedLink,
    AssumedServer,
    Assumption,
    CacheOfCheckpoint,
    CarefulEnd,
    DefaultOrder,
    Devices,
    DirectCopies,
    EveryPriced,
    FittedLengths,
    Fp32Only,
    HostCopies,
    LargeDevice,
    LargestInstance,
    LeavesServer,
    LoggedLoad,
    MeanPace,
    Namesake,
    NewerEngine,
    NoBf16,
    OneReplica,
    Origin,
    OtherIntervals,
    Owning,
    Percentile,
    PresetLoad,
    ReadApart,
    ReadsOnly,
    Remark,
    Servers,
    ShortContext,
    StandsFor,
    UncountedInTimes,
    UnknownFact,
    UnknownPrice,
    UnmeasuredFamily,
    UnreadModels,
    UnstatedFormat,
    UntimedSettings,
    WiderPeak,
    WritesNoText,
)
from sizer.schema.answered.drafting import CurveTaken, UnknownAcceptance, UnscoredDrafts
from sizer.schema.answered.power import RatedServer, UnmeasuredDraw, UnmeasuredPower
from sizer.schema.facts.price import Terms
from sizer.schema.facts.unmeasured import (
    NotCounted,
    UnmeasuredDraft,
    UnmeasuredEngine,
    UnmeasuredVendor,
    UnmeasuredVersion,
)

ONE_OF_EACH = {
    Remark("H100 taken as H100-SXM5-80GB"): "H100 taken as H100-SXM5-80GB",
    StandsFor("vendor:amd", ("MI210", "MI300X")): "vendor:amd stands for MI210, MI300X",
    EveryPriced(named=False, gpus=32, unpriced=54, terms=Terms()): (
        "no `gpus` are named: 32 accelerators of the catalog with a price, 54 without one left out"
    ),
    DefaultOrder("tokens_per_second_per_gpu"): (
        "no price is known, and no `sort` is given: sorted by tokens_per_second_per_gpu"
    ),
    OtherIntervals(("itl_ms", "ttft_ms"), "ours", "default", 5): (
        "intervals of itl_ms, ttft_ms: default's, widened to what was measured, as fewer than 5 "
        "pairs of model and accelerator were measured for ours"
    ),
    UnknownPrice("L4", Terms()): "L4: no price is known, so its cost is unknown",
    LargestInstance("V100", 2): (
        "V100: no instance that counts holds more than 2, so the cost of more in one server is "
        "unknown"
    ),
    Owning("H100", 8, 280e3, 4, 8760, 10.4, 0.12, 7.99087, 1.248, 9.23887): (
        "H100: a server of 8 costs 9.239 USD/h to own: "
        "7.991 for 280,000 USD over 4 years of 8,760 hours, 1.248 for 10.4 kW at 0.12 USD/kWh"
    ),
    AssumedLink("ours", "PCIe 3.0 x16", 16.0): "ours: link assumed to be PCIe 3.0 x16, 16 GB/s",
    Namesake("ours", "L4"): "ours: what it leaves out is taken from L4",
    CarefulEnd(0.8): (
        "conditions and requirements judge the careful end of the interval that holds 80% of "
        "measurements"
    ),
    FittedLengths("prompts", (Percentile("p50", 800), Percentile("p90", 3000)), 1362, 1.377): (
        "prompts are log-normal with p50 = 800, p90 = 3,000: 1,362 tokens on average, "
        "standard deviation 1.38 of it"
    ),
    LoggedLoad("chat.csv", 900, 2.0, 9.0, 10, 350, 0.999, 8.5, 1154.7, 211.1, 0.373): (
        "the load is that of 900 requests of chat.csv: 8.5 request/s, p99.9 of 350 windows of 10 s "
        "(mean 2, peak 9); 1,155 tokens in and 211 out on average, 37 % of prompts sent before"
    ),
    PresetLoad("agent", 8596, 182, 0.59, "Mooncake, Table 2"): (
        "preset agent: 8,596 tokens in and 182 out on average, 59% of prompts sent before, "
        "Mooncake, Table 2"
    ),
    Servers("acme/one", "bf16", 2, 8, "H100", 50.0): (
        "acme/one in bf16 takes 2 servers of 8 H100: their network gives 50 GB/s to each"
    ),
    LeavesServer("H100", 16, 8, 0.456): (
        "H100: all-reduces of tp16 leave the server of 8; "
        "links and network take 46 % of a decode step"
    ),
    DirectCopies("L40S"): (
        "L40S: direct copies over PCIe; where a virtual machine grants none, "
        'give one of your own with like = "L40S" and peer_to_peer = false'
    ),
    AssumedServer("X", 8): "X: a server is taken to hold 8, as no source says how many",
    Devices("X", 2): (
        "X: each is 2 devices to an engine; memory, tp and gpus are of devices, a price is of all 2"
    ),
    LargeDevice("ours", 128.0, "MI250X", 64.0, 2): (
        "ours: 128 GB are taken as of one device, but each MI250X is 2 devices of 64 GB; "
        "give those of a device, or devices_per_accelerator = 1"
    ),
    HostCopies("X", 12.0): "X: no direct copies; 12 GB/s through the host",
    UntimedSettings(("cpu_offload_gib",)): (
        "times are unknown with `engine.cpu_offload_gib`, and so is whether candidates keep up "
        "with the load"
    ),
    UncountedInTimes(("enforce_eager", "max_loras")): (
        "times do not count `engine.enforce_eager`, `engine.max_loras`; memory does"
    ),
    UnscoredDrafts("eagle3", "mtp"): (
        "times with drafts of eagle3 were held against no measurement, only those of mtp"
    ),
    UnscoredAdapters(): (
        "times with LoRA follow from bytes and launches and were held against few measurements: "
        "their intervals are twice as wide"
    ),
    OneReplica(): "one replica only: `fleet.max_gpus` adds more",
    ShortContext("gpt2", 1024, 2304): (
        "2,304 tokens are more than the 1,024 of gpt2: it has no candidate"
    ),
    NoBf16("V100"): "V100 has no bf16 arithmetic: engines run such weights as fp16",
    Fp32Only("ours"): "ours: no tflops_fp16 is given, so 16 bit runs at its fp32 peak",
    UnknownFact("X", "link"): (
        "X: the speed of its link is not known, nor are times of more than one"
    ),
    WiderPeak("X", "fp8"): "X: its fp8 peak is not known; fp8 runs at its 16-bit peak",
    WritesNoText("a/*", "a/b", "embed"): "a/*: a/b writes no text, so it is left out",
    ReadsOnly("embed", "a/b"): (
        'task = "embed", which a/b is made for: no token is written, so TTFT, ITL and tokens/s '
        "are unknown; `e2e_ms` is the latency of a request; no such run was measured: intervals "
        "are those of models that write"
    ),
    ReadApart("whole", None): (
        "prefill apart from decode: a cache goes over when its prompt is read, by NVLink where it "
        "joins both sides, else the network; only DeepSeek-R1 under SGLang and TensorRT-LLM was "
        "measured so, so intervals of first tokens are wider"
    ),
    NewerEngine("vllm", "0.33.0", "0.20", "2026-04-27"): (
        "vllm 0.33.0 is newer than 0.20 of 2026-04-27, the newest whose times were measured: "
        "taken as that one, and maybe faster"
    ),
    MeanPace(("L4", "T4")): (
        "the pace is the mean of both estimators, first tokens are ours; aiconfigurator has no "
        "tables of L4, T4, whose pace is ours too"
    ),
    UnmeasuredPower("L4", "Hopper"): (
        "L4: no power of its family was measured; shares of its TDP are Hopper's"
    ),
    UnmeasuredDraw("drafts"): (
        "no power was measured with drafted tokens: shares of a TDP are those of other work"
    ),
    RatedServer("H100", 8, 10_200.0, 2898.0): (
        "H100: a server draws 2,898 W beside 8 accelerators, by its rating of 10,200 W; "
        "`energy.host_w` says what yours draws"
    ),
    UnmeasuredFamily("MI355X", "cdna3"): (
        "MI355X: no times of its family were measured; constants are cdna3's, intervals wider"
    ),
    UnreadModels((Origin("acme/one", "table", "acme/tool 1.2"),)): (
        "acme/one: shapes of a table (acme/tool 1.2), not read from its config.json; "
        "intervals of memory are wider"
    ),
    UnstatedFormat("acme/*", "acme/one"): (
        "acme/*: the weight format of acme/one is not known, as its config.json was not read, "
        "so it is left out"
    ),
    CacheOfCheckpoint("acme/one", "fp8"): "acme/one: its cache is fp8, as the checkpoint asks",
    NotCounted("acme/one", "vision tower", "weights"): (
        "acme/one: vision tower not counted in its weights; intervals of memory are wider, and "
        "`fits_surely` is false"
    ),
    UnmeasuredEngine("generic", "a current vLLM"): (
        "no start-up of generic was measured: its memory is that of a current vLLM; "
        "intervals of memory are wider, and `fits_surely` is false"
    ),
    UnmeasuredVendor("AMD"): (
        "no start-up on accelerators of AMD was measured; intervals of memory are wider, and "
        "`fits_surely` is false"
    ),
    CurveTaken("acme/one", "one mtp", "one (H100, vLLM)", "coding", asked=False): (
        "acme/one: acceptance of drafts is that of one (H100, vLLM) on coding; for other texts "
        "write `acceptance_length` in [engine.speculative]"
    ),
    UnknownAcceptance("acme/one", "mtp", 9, "one mtp"): (
        "acme/one: how many of 9 drafted tokens are accepted is not known; the curve one mtp ends "
        "before: times need `acceptance_length` in [engine.speculative]"
    ),
    UnmeasuredDraft("mtp"): (
        "no start-up that drafts tokens (mtp) was measured; intervals of memory are wider, and "
        "`fits_surely` is false"
    ),
    UnmeasuredVersion("0.40", "0.6", "0.28"): (
        "start-ups were measured on vLLM 0.6 to 0.28, not on 0.40; intervals of memory are wider, "
        "and `fits_surely` is false"
    ),
}


@pytest.mark.parametrize(("assumption", "text"), ONE_OF_EACH.items())
def test_every_assumption_has_its_words(assumption: Assumption, text: str) -> None:
    assert assumption_text(assumption) == text
    assert assumption_data(assumption) == {**asdict(assumption), "text": text}


def test_an_order_without_times_says_so() -> None:
    said = "times are not known, and no `sort` is given: sorted by gpus"
    assert assumption_text(DefaultOrder("gpus", "times")) == said


def test_an_engine_that_is_computed_stands_for_itself() -> None:
    assert assumption_text(UnmeasuredEngine("sglang")).startswith(
        "no start-up of sglang was measured: its memory is computed as its source does it;"
    )


def test_every_kind_of_assumption_is_tried() -> None:
    assert set(map(type, ONE_OF_EACH)) == set(get_args(Assumption))
    kinds = [each.kind for each in ONE_OF_EACH]
    assert len(set(kinds)) == len(kinds)


def test_caches_go_over_layer_by_layer_and_over_a_link_of_ones_own() -> None:
    said = assumption_text(ReadApart("by_layer", 25.0))
    assert "a cache goes over layer by layer, by a link of 25 GB/s for each accelerator" in said


def test_an_unknown_share_of_the_network_is_left_out() -> None:
    said = assumption_text(LeavesServer("H100", 16, 8, None))
    assert said == "H100: all-reduces of tp16 leave the server of 8"


def test_many_models_without_a_checkpoint_are_one_line() -> None:
    names = [f"acme/{number}" for number in range(5)]
    origins = [Origin(names[0], "class default", "AcmeConfig of transformers 5")]
    origins += [Origin(name, "recalled", None) for name in names[1:]]
    assert assumption_text(UnreadModels(tuple(origins))) == (
        "not read from a config.json, intervals of memory are wider: acme/0 (defaults of a class "
        "(AcmeConfig of transformers 5)), acme/1 (recalled shapes), acme/2 (recalled shapes) "
        "and 2 more"
    )


def test_what_is_not_known_has_other_words() -> None:
    network = Servers("acme/one", "bf16", 3, 8, "L40S", node_link_gb_s=None)
    assert assumption_text(network) == (
        "acme/one in bf16 takes 3 servers of 8 L40S: none proposed, their network is not known; "
        "name it as fleet.node_link_gb_s"
    )
    peak, bandwidth = UnknownFact("X", "16-bit peak"), UnknownFact("X", "memory bandwidth")
    assert assumption_text(peak) == "X: no 16-bit peak is known, so its times are unknown"
    assert assumption_text(bandwidth) == (
        "X: its memory bandwidth is not known, so its times are unknown"
    )
    lacking = Owning("X", None, 9e3, 3, 8760, None, 0.2, 0.342466, None, None)
    assert assumption_text(lacking) == (
        "X: one of them costs an unknown sum to own, as no `tdp_w` is known"
    )
    free = Owning("X", None, 9e3, 3, 8760, None, 0.0, 0.342466, 0.0, 0.342466)
    assert assumption_text(free) == (
        "X: one of them costs 0.342 USD/h to own: "
        "0.342 for 9,000 USD over 3 years of 8,760 hours, power is free"
    )
    undated = assumption_text(NewerEngine("trtllm", "1.4", "1.3", None))
    assert undated == (
        "trtllm 1.4 is newer than 1.3, the newest whose times were measured: taken as that one, "
        "and maybe faster"
    )
    both = assumption_text(MeanPace(()))
    assert both == "the pace is the mean of both estimators, first tokens are ours"
    assert assumption_text(UnmeasuredPower("X", None)) == (
        "X: no power of its family was measured; shares of its TDP are plain"
    )
    plain = assumption_text(UnmeasuredFamily("X", None))
    assert plain == (
        "X: no times of its family were measured; constants are plain ones, intervals wider"
    )
    none = assumption_text(OtherIntervals(("itl_ms",), "ours", None, 5))
    assert none == (
        "no intervals of itl_ms: fewer than 5 pairs of model and accelerator were measured for ours"
    )
    terms = Terms("ours", "hall-2", "spot", "2026-01-01")
    assert assumption_text(UnknownPrice("L4", terms)) == (
        "L4: no price from ours in hall-2 as spot since 2026-01-01 is known, so its cost is unknown"
    )


def test_a_log_without_times_says_its_lengths_alone() -> None:
    load = LoggedLoad("m.txt", 1, None, None, None, None, 0.99, None, 100.0, 20.0, None)
    said = "lengths are those of 1 request of m.txt: 100 tokens in and 20 out on average"
    assert assumption_text(load) == said
