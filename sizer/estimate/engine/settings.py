"""An engine's settings on one accelerator: what was asked, else what the engine takes itself."""

from __future__ import annotations

from collections.abc import Callable

from attrs import frozen

from sizer.catalog.engines import engine_defaults
from sizer.estimate.engine.batches import PACKED, Batches, batches
from sizer.estimate.engine.constants import link_kind
from sizer.estimate.engine.extras import NO_EXTRAS, NO_OFFLOAD, Extras, Offload
from sizer.estimate.engine.graphs import captured_sizes
from sizer.schema.asked.disaggregated import NOTHING_APART, Disaggregated
from sizer.schema.asked.serving import NEWEST, Engine
from sizer.schema.facts.engine_constants import Release
from sizer.schema.facts.engine_defaults import Device
from sizer.schema.facts.gpu import Gpu
from sizer.units import GIB

CURRENT: Release = (10**6, 0)
ENDLESS = 10**9
CHUNKED_SINCE: Release = (0, 8)  # vLLM V1
LARGE = Device(memory_mib=71680.0)  # other engines take steps as vLLM's on such accelerators
MIB_A_GIB = 1024.0
BLOCK_TOKENS = 16  # vLLM's default, and what it rounds the blocks of hybrids to
NO_DEVICE = Device(memory_mib=0.0)
ANY_ENGINE = Engine()
OTHER_SHARE = 0.9  # of engines that sizer does not know
LIMITS = {  # what an engine calls the tokens and the sequences of its largest step
    "sglang": ("chunked_prefill_size", "max_running_requests"),
    "trtllm": ("max_num_tokens", "max_batch_size"),
    "llamacpp": ("ubatch_size", "parallel"),
    "tei": ("max_batch_tokens", "max_concurrent_requests"),
    "infinity": ("warmup_tokens", "batch_size"),
}


@frozen
class Settings:
    """What an engine runs with.

    A prompt of up to `whole_prompt_tokens` is one step, and decoding waits meanwhile where
    `prompts_first`. `cascade` when a prefix that all requests share is read once a step. Links of
    their own, not only PCIe, join `linked_devices`. `async_scheduling` when the next step
    is scheduled while one runs, `windows_in_flight` when windows keep the blocks of every step in
    flight, `stages_and_a_step` when a pipeline of a dense model has one more than its stages.
    `whole_model_on_a_stage` when a request's cache of all stages must fit on each at the start,
    `graphs_in_budget` when graphs of up to `largest_captured_batch` are left of the cache.
    `kv_cache_memory_bytes` is the cache of one accelerator where it is asked for, `context_ranks`
    over how many tensor ranks the cache of a request is divided, `drafted_tokens` how many are
    drafted for each step. Steps that are not `timed` have no model, so every time is unknown.
    Engines whose pools follow from the memory of a `device` have it, and what is `asked` of them.
    `apart` is how caches go from prompts that are read apart to those that decode.
    `batches` are those of what reads only.
    """

    engine: str
    version: Release
    gpu_memory_utilization: float
    max_num_batched_tokens: int
    max_num_seqs: int
    whole_prompt_tokens: float = 0.0
    prompts_first: bool = False
    prefill_wait_steps: int = 0
    scheduler_recv_interval: int = 1
    static_batching: bool = False
    linked_devices: int = 8
    cascade: bool = False
    vendor: str = "NVIDIA"
    kv_cache_memory_bytes: int | None = None
    block_tokens: int = BLOCK_TOKENS
    enforce_eager: bool = False
    capture_sizes: tuple[int, ...] = ()
    max_capture_size: int | None = None
    context_ranks: int = 1
    drafted_tokens: int = 0
    layers_per_stage: tuple[int, ...] = ()
    extras: Extras = NO_EXTRAS
    offload: Offload = NO_OFFLOAD
    timed: bool = True
    async_scheduling: bool = False
    windows_in_flight: bool = False
    stages_and_a_step: bool = False
    whole_model_on_a_stage: bool = False
    graphs_in_budget: bool = False
    largest_captured_batch: int = 0
    device: Device = NO_DEVICE
    asked: Engine = ANY_ENGINE
    apart: Disaggregated = NOTHING_APART
    batches: Batches = PACKED

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
        most = self.largest_captured_batch
        return captured_sizes(*limits, most, self.capture_sizes, self.max_capture_size)

    @property
    def captured_tokens(self) -> int:
        """Tokens of the largest step that reads prompts and still has a graph: vLLM V1's pieces.

        Kernels that compiled code launches cost as little, whatever they read.
        0 unless sizes are asked for: with those of vLLM's own prompts were not seen to gain.
        """
        if self.batches.compiled:
            return ENDLESS
        asked = self.capture_sizes or self.max_capture_size
        pieces = asked and self.engine == "vllm" and self.version >= CHUNKED_SINCE
        return max(self.captured_sizes, default=0) if pieces else 0

    @property
    def early_adapters(self) -> bool:
        """Whether kernels for LoRA are those before vLLM V1's, which no CUDA graph holds.

        vllm-project/vllm PR 13096 says so of them, and how the new ones differ.
        """
        return self.engine == "vllm" and self.version < CHUNKED_SINCE

    @property
    def pools_slots(self) -> bool:
        """Whether states and windows have pools of their own, and tokens pages of one, as SGLang's.

        Activations and graphs then have what a static share of the memory leaves.
        """
        return self.engine == "sglang"

    @property
    def cuts_to_pool(self) -> bool:
        """Whether it starts with a pool shorter than `max_context`, and cuts requests to that.

        So SGLang does (0.4.0, 0.4.6 and 0.5.17: srt/managers/tp_worker.py, max_req_len).
        """
        return self.engine == "sglang"

    @property
    def has_slots(self) -> bool:
        """Whether the cache of some slots is allocated at the start, as llama.cpp's."""
        return self.engine == "llamacpp"

    @property
    def slots_share(self) -> bool:
        """Whether slots share one cache: where nobody asks for a number of them."""
        return self.has_slots and self.asked.max_num_seqs is None

    @property
    def profiles(self) -> bool:
        """Whether a run with the largest batch, its sampler among it, sizes the pools."""
        return not self.pools_slots and not self.has_slots

    @property
    def usable_share(self) -> float:
        """Share of the device's memory in which weights, activations and pools have their place."""
        return 1.0 if self.engine in LIMITS else self.gpu_memory_utilization

    @property
    def evicts(self) -> bool:
        """Whether a full cache takes the youngest request out, to be read again later.

        So vLLM (preemption) and SGLang (retraction) do. TensorRT-LLM starts a request when its
        whole answer has room (GUARANTEED_NO_EVICT, the default of SchedulerConfig's
        capacity_scheduler_policy); llama.cpp has a place for each slot from the start.
        """
        return self.engine not in {"trtllm", "llamacpp"}

    @property
    def pools_free_share(self) -> bool:
        """Whether the cache gets a share of what a run leaves free, as TensorRT-LLM's."""
        return self.engine == "trtllm"

    def default(self, name: str, ranks: int = 1) -> float:
        """Return what the engine's release takes unasked for so many devices like this one."""
        known = engine_defaults(self.engine)
        return known.value(name, self.asked.patch_release, self.device, ranks)


def settings(engine: Engine, gpu: Gpu) -> Settings:
    """Return the settings of an engine on an accelerator."""
    if engine.name in LIMITS:
        return _own(engine, gpu)
    default = _defaults(engine, gpu)
    ours = engine.name == "vllm"
    share = default("gpu_memory_utilization") if ours else OTHER_SHARE
    tokens = engine.max_num_batched_tokens
    whole = default("whole_prompt_tokens") if tokens is None else 0.0
    return Settings(
        engine=engine.name,
        version=release(engine),
        gpu_memory_utilization=engine.gpu_memory_utilization or share,
        max_num_batched_tokens=tokens or int(default("max_num_batched_tokens")),
        max_num_seqs=engine.max_num_seqs or int(default("max_num_seqs")),
        whole_prompt_tokens=whole,
        prompts_first=whole > 0,
        prefill_wait_steps=engine.prefill_wait_steps,
        scheduler_recv_interval=engine.scheduler_recv_interval,
        static_batching=engine.static_batching,
        linked_devices=gpu.domain_devices if link_kind(gpu) != "pcie" else 1,
        cascade=ours and default("cascade") > 0,
        vendor=gpu.vendor,
        kv_cache_memory_bytes=engine.kv_cache_memory_bytes,
        block_tokens=engine.block_size or (BLOCK_TOKENS if ours else 1),
        enforce_eager=engine.enforce_eager,
        capture_sizes=engine.cudagraph_capture_sizes,
        max_capture_size=engine.max_cudagraph_capture_size,
        layers_per_stage=engine.layers_per_stage,
        drafted_tokens=engine.drafted_tokens,
        context_ranks=engine.decode_context_parallel_size,
        offload=_offload(engine),
        extras=_extras(engine, leaves_out_towers=default("leaves_out_towers") > 0),
        timed=not engine.untimed,
        apart=engine.disaggregated,
        async_scheduling=_is_asynchronous(engine, default),
        windows_in_flight=ours and default("windows_in_flight") > 0,
        stages_and_a_step=ours and default("stages_and_a_step") > 0,
        whole_model_on_a_stage=ours and default("whole_model_on_a_stage") > 0,
        graphs_in_budget=default("graphs_in_budget") > 0,
        largest_captured_batch=int(default("largest_captured_batch")),
    )


def _is_asynchronous(engine: Engine, default: Callable[[str], float]) -> bool:
    """Whether steps overlap: as asked, else as the release does, but with drafts of the text.

    With those vLLM waits for a step's tokens (d30b1ecd1b and 017e9f4448, vllm/config/vllm.py).
    """
    if engine.async_scheduling is not None:
        return engine.async_scheduling
    return default("async_scheduling") > 0 and engine.speculative.method != "ngram"


def _extras(engine: Engine, *, leaves_out_towers: bool = False) -> Extras:
    unused = leaves_out_towers and engine.image_limit == 0
    return Extras(
        max_loras=engine.max_loras,
        max_lora_rank=engine.max_lora_rank if engine.max_loras else Extras().max_lora_rank,
        text_only=engine.language_model_only or unused,
        host_bytes=engine.cpu_offload_gib * GIB,
        images=engine.image_limit,
    )


def _offload(engine: Engine) -> Offload:
    cpu, disk = engine.cpu_cache_gb_s, engine.disk_cache_gb_s
    return Offload(
        cpu_bytes=engine.cpu_cache_gib * GIB,
        cpu_bytes_s=None if cpu is None else cpu * 1e9,
        disk_bytes=engine.disk_cache_gib * GIB,
        disk_bytes_s=None if disk is None else disk * 1e9,
    )


def _own(engine: Engine, gpu: Gpu) -> Settings:
    """Return the settings of an engine whose pools follow from the device: all of it is its own."""
    known, kind = engine_defaults(engine.name), device(gpu)
    together = batches(engine.name, gpu)
    tokens_name, seqs_name = LIMITS[engine.name]
    if engine.name == "sglang" and engine.drafted_tokens:
        seqs_name = "max_running_requests_with_draft"

    def default(name: str) -> int:
        return int(known.value(name, engine.patch_release, kind))

    return Settings(
        engine=engine.name,
        version=CURRENT,
        gpu_memory_utilization=engine.gpu_memory_utilization or OTHER_SHARE,
        max_num_batched_tokens=engine.max_num_batched_tokens or default(tokens_name),
        max_num_seqs=engine.max_num_seqs or default(seqs_name),
        prompts_first=engine.name == "sglang",
        prefill_wait_steps=engine.prefill_wait_steps,
        scheduler_recv_interval=engine.scheduler_recv_interval,
        static_batching=engine.static_batching,
        linked_devices=gpu.domain_devices if link_kind(gpu) != "pcie" else 1,
        vendor=gpu.vendor,
        kv_cache_memory_bytes=engine.kv_cache_memory_bytes,
        block_tokens=engine.block_size or default("tokens_per_block"),
        enforce_eager=engine.enforce_eager,
        layers_per_stage=engine.layers_per_stage,
        drafted_tokens=engine.drafted_tokens,
        context_ranks=engine.decode_context_parallel_size,
        offload=_offload(engine),
        extras=_extras(engine),
        apart=engine.disaggregated,
        timed=not engine.untimed and together.runs,
        batches=together,
        device=kind,
        asked=engine,
    )


def release(engine: Engine) -> Release:
    """Return the vLLM release whose memory an engine is taken to have.

    No version, a version that is no release, and other engines are taken as a current vLLM.
    """
    return (engine.release if engine.name == "vllm" else None) or CURRENT


def device(gpu: Gpu) -> Device:
    """Return what of an accelerator decides an engine's defaults."""
    capability = int(gpu.compute_capability or 0)
    return Device(gpu.memory_gib * MIB_A_GIB, gpu.name, gpu.vendor, capability)


def _defaults(engine: Engine, gpu: Gpu) -> Callable[[str], float]:
    """Return what gives vLLM's default of a name; other engines are taken as a current one."""
    known = engine_defaults("vllm")
    if engine.name == "vllm":
        return lambda name: known.value(name, engine.patch_release, device(gpu))
    return lambda name: known.value(name, (NEWEST,), LARGE)
