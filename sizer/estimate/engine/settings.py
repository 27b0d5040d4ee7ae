"""An engine's settings on one accelerator: what was asked, else what the engine takes itself."""

from __future__ import annotations

from attrs import frozen

from sizer.catalog.calibration import held_constants
from sizer.estimate.engine.constants import link_kind
from sizer.estimate.engine.extras import NO_EXTRAS, Extras
from sizer.estimate.engine.graphs import captured_sizes
from sizer.schema.asked.serving import Engine
from sizer.schema.facts.engine_constants import Release
from sizer.schema.facts.gpu import Gpu
from sizer.units import GIB

CURRENT: Release = (10**6, 0)
CHUNKED_SINCE: Release = (0, 8)  # vLLM V1; before it a prompt was one step unless asked
CASCADE = ((0, 8), (0, 18))  # vLLM V1 (#11635), until it had to be asked for (#36318)
LARGE_GIB = 70.0  # vLLM takes larger steps on such accelerators, A100s excepted (EngineArgs)
LARGE_BUT_OLD = "A100"
BLOCK_TOKENS = 16  # vLLM's default, and what it rounds the blocks of hybrids to
OTHER_SHARE = 0.9  # TensorRT-LLM: free_gpu_memory_fraction; SGLang derives one near it


@frozen
class Settings:
    """What an engine runs with.

    `whole_prompts` when a step must hold the longest prompt, `prompts_first` when decoding waits
    while prompts are read, `cascade` when a prefix that all requests share is read once a step,
    `bridged` when accelerators have links of their own, not only PCIe. `kv_cache_memory_bytes` is
    the cache of one accelerator where it is asked for, `context_ranks` over how many tensor ranks
    the cache of a request is divided, `drafted_tokens` how many are drafted for each step.
    Steps that are not `timed` have no model, so every time is unknown.
    """

    engine: str
    version: Release
    gpu_memory_utilization: float
    max_num_batched_tokens: int
    max_num_seqs: int
    whole_prompts: bool = False
    prompts_first: bool = False
    prefill_wait_steps: int = 0
    scheduler_recv_interval: int = 1
    static_batching: bool = False
    bridged: bool = True
    cascade: bool = False
    vendor: str = "NVIDIA"
    kv_cache_memory_bytes: int | None = None
    block_tokens: int = BLOCK_TOKENS
    enforce_eager: bool = False
    capture_sizes: tuple[int, ...] = ()
    max_capture_size: int | None = None
    context_ranks: int = 1
    drafted_tokens: int = 0
    extras: Extras = NO_EXTRAS
    timed: bool = True

    @property
    def paged(self) -> bool:
        """Whether the cache is laid out as vLLM does it."""
        return self.engine == "vllm"

    @property
    def captured_sizes(self) -> tuple[int, ...]:
        """Batch sizes that have a CUDA graph; none where kernels are launched one by one."""
        if self.enforce_eager:
            return ()
        limits = self.max_num_seqs * (1 + self.drafted_tokens), self.max_num_batched_tokens
        return captured_sizes(*limits, self.capture_sizes, self.max_capture_size)


def settings(engine: Engine, gpu: Gpu) -> Settings:
    """Return the settings of an engine on an accelerator."""
    version = release(engine)
    size = "large" if gpu.memory_gib >= LARGE_GIB and LARGE_BUT_OLD not in gpu.name else "small"
    share = _default("gpu_memory_utilization", version)
    if engine.name != "vllm":
        size, share = "large", OTHER_SHARE
    asked = engine.max_num_batched_tokens
    whole = asked is None and version < CHUNKED_SINCE
    return Settings(
        engine=engine.name,
        version=version,
        gpu_memory_utilization=engine.gpu_memory_utilization or share,
        max_num_batched_tokens=asked
        or int(_default(f"batched_tokens_{'small' if whole else size}", version)),
        max_num_seqs=engine.max_num_seqs or int(_default(f"seqs_{size}", version)),
        whole_prompts=whole,
        prompts_first=engine.name == "sglang" or whole,
        prefill_wait_steps=engine.prefill_wait_steps,
        scheduler_recv_interval=engine.scheduler_recv_interval,
        static_batching=engine.static_batching,
        bridged=link_kind(gpu) != "pcie",
        cascade=engine.name == "vllm" and CASCADE[0] <= version < CASCADE[1],
        vendor=gpu.vendor,
        kv_cache_memory_bytes=engine.kv_cache_memory_bytes,
        block_tokens=engine.block_size or BLOCK_TOKENS,
        enforce_eager=engine.enforce_eager,
        capture_sizes=engine.cudagraph_capture_sizes,
        max_capture_size=engine.max_cudagraph_capture_size,
        drafted_tokens=engine.drafted_tokens,
        context_ranks=engine.decode_context_parallel_size,
        extras=_extras(engine),
        timed=not engine.untimed,
    )


def _extras(engine: Engine) -> Extras:
    return Extras(
        max_loras=engine.max_loras,
        max_lora_rank=engine.max_lora_rank if engine.max_loras else Extras().max_lora_rank,
        text_only=engine.language_model_only,
        host_bytes=engine.cpu_offload_gib * GIB,
    )


def release(engine: Engine) -> Release:
    """Return the vLLM release whose memory an engine is taken to have.

    No version, a version that is no release, and other engines are taken as a current vLLM.
    """
    return (engine.release if engine.name == "vllm" else None) or CURRENT


def _default(name: str, version: Release) -> float:
    return held_constants().value(name, version)
