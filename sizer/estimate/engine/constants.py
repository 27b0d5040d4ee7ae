"""The calibration's constants as they hold for one accelerator under one core of an engine."""

from __future__ import annotations

from sizer.estimate.engine.intervals import RATIOS
from sizer.schema.facts.calibration import Calibration
from sizer.schema.facts.gpu import Gpu

SWITCHES = {"nvlink": "latency_nvlink_s", "xgmi": "latency_xgmi_s"}
KINDS = (*SWITCHES, "pcie")

PER_GPU = (
    "bandwidth_share",
    "kv_bandwidth_share",
    "expert_bandwidth_share",
    "dequant_share",
    "expert_dequant_share",
    "compute_share",
    "prompt_compute_share",
    "native_exponent",
    "expert_compute_share",
    "prefill_attention_share",
    "decode_attention_share",
    "layer_launch_s",
    "hidden_growth",
    "mla_launch_s",
    "index_launch_s",
    "recurrent_launch_s",
    "scale_launch_s",
    "moe_layer_launch_s",
    "plain_expert_launch_s",
    "block_expert_launch_s",
    "conversion_launch_s",
    "eager_ratio",
    "step_launch_s",
    "request_step_s",
    "activation_passes",
    "collective_growth",
    "exchange_latency_s",
    "network_latency_s",
    "group_wait",
    "prefill_interference",
    "server_s",
    "step_wait",
    "burst_of_prompts",
    "routing_exponent",
)

LINK = ("collective_latency_s", "link_share", "network_share", "ring_step_s", "pcie_share")
NAMES = (*PER_GPU, "sharpness", *LINK, *RATIOS)


def gpu_constants(
    calibration: Calibration,
    core: str,
    gpu: Gpu,
    generation: str | None = None,
    *,
    served: bool = True,
) -> dict[str, float]:
    """Return every constant of an accelerator; engines and families nobody measured are plain.

    `generation` is what an earlier one of the core is called. An engine that is not `served` but
    called in process handles no requests.
    """
    family = calibration.nearest_family(gpu.family, gpu.vendor, gpu.launch_year)
    tags = (core, family, gpu.vendor, f"{core} on {gpu.vendor}", generation or "")
    values = {name: calibration.value(name, *tags) for name in PER_GPU}
    values["server_s"] *= served
    values["sharpness"] = 1.0 + calibration.value("overlap", *tags)
    latency = SWITCHES.get(link_kind(gpu), "latency_fabric_s")
    values["collective_latency_s"] = calibration.value(latency, *tags)
    values["link_share"] = _link_share(calibration, gpu, tags)
    values["network_share"] = calibration.value("link_share", *tags)
    step = "host_step_s" if gpu.peer_to_peer is False else "pcie_step_s"
    values["ring_step_s"] = calibration.value(step, *tags)
    values["pcie_share"] = calibration.value("pcie_link_share", *tags)
    return values


def _link_share(calibration: Calibration, gpu: Gpu, tags: tuple[str, ...]) -> float:
    if gpu.peer_to_peer is False:
        return 1.0  # the speed was measured, so nothing is lost on top
    kind = "pcie_link_share" if link_kind(gpu) == "pcie" else "link_share"
    return calibration.value(kind, *tags)


def link_kind(gpu: Gpu) -> str:
    """Return `nvlink`, `xgmi`, `pcie` or `fabric`."""
    link = (gpu.link or "").lower()
    return next((kind for kind in KINDS if link.startswith(kind)), "fabric")


def switched_devices(gpu: Gpu) -> int:
    """Return how many devices reduce by kernels of an engine's own, over a switch or a mesh."""
    return 1 if link_kind(gpu) == "pcie" else gpu.domain_devices
