"""The calibration's constants as they hold for one accelerator under one engine."""

from __future__ import annotations

from sizer.schema.calibration import Calibration
from sizer.schema.gpu import Gpu
from sizer.schema.profile import Engine
from sizer.schema.scenario import Deployment

NODE_LINK_BYTES_S = 50e9  # 400 Gb/s a device: NVIDIA DGX H100 user guide, network ports
LINKS = {"nvlink": "latency_nvlink_s", "xgmi": "latency_xgmi_s", "pcie": "latency_pcie_s"}
NATIVE = {
    "fp32": ("fp32",),
    "bf16": ("bf16", "fp16", "fp32"),
    "fp16": ("fp16", "bf16", "fp32"),
    "fp8": ("fp8", "bf16", "fp16", "fp32"),
    "int8": ("int8", "bf16", "fp16", "fp32"),
    "fp4": ("fp4", "bf16", "fp16", "fp32"),
}
NARROW = 2.0  # bytes; a narrower weight that the device cannot multiply is converted first

PER_GPU = (
    "bandwidth_share",
    "kv_bandwidth_share",
    "expert_bandwidth_share",
    "compute_share",
    "native_exponent",
    "expert_compute_share",
    "prefill_attention_share",
    "decode_attention_share",
    "layer_launch_s",
    "hidden_growth",
    "moe_layer_launch_s",
    "step_launch_s",
    "request_step_s",
    "activation_passes",
    "collective_growth",
    "prefill_interference",
    "server_s",
    "prefill_layer_s",
    "step_wait",
    "burst_of_prompts",
    "routing_exponent",
)

NAMES = (*PER_GPU, "sharpness", "collective_latency_s", "link_share", "node_link_bytes_s")


def gpu_constants(calibration: Calibration, engine: Engine, gpu: Gpu) -> dict[str, float]:
    """Return every constant of an accelerator; engines and families nobody measured are plain."""
    tags = (engine.name, gpu.family, gpu.vendor)
    values = {name: calibration.value(name, *tags) for name in PER_GPU}
    kind = link_kind(gpu)
    values["sharpness"] = 1.0 + calibration.value("overlap", *tags)
    latency = LINKS.get(kind, "latency_fabric_s")
    values["collective_latency_s"] = calibration.value(latency, *tags)
    share = "pcie_link_share" if kind == "pcie" else "link_share"
    values["link_share"] = calibration.value(share, *tags)
    values["node_link_bytes_s"] = NODE_LINK_BYTES_S
    return values


def link_kind(gpu: Gpu) -> str:
    """Return `nvlink`, `xgmi`, `pcie` or `fabric`."""
    link = (gpu.link or "").lower()
    return next((kind for kind in LINKS if link.startswith(kind)), "fabric")


def peak_flops(compute: str, gpu: Gpu) -> float | None:
    """Return the dense peak of the arithmetic that runs: native, else converted to 16 bit.

    In FLOP/s; None when no datasheet gives it.
    """
    for arithmetic in NATIVE[compute]:
        peak: float | None = getattr(gpu.peaks, arithmetic)
        if peak:
            return peak * 1e12
    return None


def dequant_share(
    calibration: Calibration, deployment: Deployment, gpu: Gpu, *, experts: bool
) -> float:
    """Return what is left of a share where weights are converted before they are multiplied."""
    form = deployment.weights
    width = form.expert_bytes if experts else form.linear_bytes
    native = peak_flops(form.compute, gpu) != peak_flops("bf16", gpu)
    return 1.0 if native or width >= NARROW else calibration.value("dequant_share")
