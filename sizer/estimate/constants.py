"""The calibration's constants as they hold for one accelerator under one engine."""

from __future__ import annotations

import re

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
PRESENT_CORE = {
    "vllm": (0, 8),  # V1 is the default (release notes of vLLM 0.8.0)
    "trtllm": (1, 0),  # PyTorch is the default backend (release notes of TensorRT-LLM 1.0)
}
NARROW = 2.0  # bytes; a narrower weight that the device cannot multiply is converted first

PER_GPU = (
    "bandwidth_share",
    "kv_bandwidth_share",
    "expert_bandwidth_share",
    "compute_share",
    "tile_tokens",
    "prompt_compute_share",
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
    "exchange_latency_s",
    "prefill_interference",
    "server_s",
    "prefill_layer_s",
    "step_wait",
    "burst_of_prompts",
    "routing_exponent",
)

NAMES = (*PER_GPU, "sharpness", "collective_latency_s", "link_share", "node_link_bytes_s")


def generation(engine: Engine) -> str:
    """Return the engine, with `_v0` for a version before its present core.

    Raises ValueError for a version that starts with no number.
    """
    first = PRESENT_CORE.get(engine.name)
    if engine.version is None or first is None:
        return engine.name
    return f"{engine.name}_v0" if release(engine.version) < first else engine.name


def release(version: str) -> tuple[int, int]:
    """Return major and minor of a version such as `0.10.2`, `v1.0.0rc3` or `0.5.post1`.

    Raises ValueError when it starts with no number.
    """
    found = re.match(r"v?(\d+)(?:\.(\d+))?", version)
    if found is None:
        raise ValueError(f"{version!a} is no version")
    return int(found[1]), int(found[2] or 0)


def gpu_constants(calibration: Calibration, engine: Engine, gpu: Gpu) -> dict[str, float]:
    """Return every constant of an accelerator; engines and families nobody measured are plain."""
    tags = (generation(engine), gpu.family, gpu.vendor)
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


def conversion_s(calibration: Calibration, deployment: Deployment, gpu: Gpu) -> float:
    """Return what a MoE layer costs more where its experts are converted, in seconds."""
    converted = is_converted(deployment, gpu, experts=True)
    return calibration.value("conversion_launch_s") if converted else 0.0


def dequant_share(
    calibration: Calibration, deployment: Deployment, gpu: Gpu, *, experts: bool
) -> float:
    """Return what is left of a share where weights are converted before they are multiplied."""
    if not is_converted(deployment, gpu, experts=experts):
        return 1.0
    return calibration.value("expert_dequant_share" if experts else "dequant_share")


def is_converted(deployment: Deployment, gpu: Gpu, *, experts: bool) -> bool:
    """Whether weights are narrower than any arithmetic of the device, so converted first."""
    form = deployment.weights
    width = form.expert_bytes if experts else form.linear_bytes
    native = peak_flops(form.compute, gpu) != peak_flops("bf16", gpu)
    return not native and width < NARROW
