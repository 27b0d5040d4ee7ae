"""What a profile asks of serving: the load, and the engine that carries it."""

from __future__ import annotations

import re
from typing import Literal

from attrs import Factory, evolve, field, frozen

from sizer.schema.asked.disaggregated import Disaggregated
from sizer.schema.asked.key import key
from sizer.schema.asked.tasks import Task

RELEASE = re.compile(r"v?(\d+)\.(\d+)(?!\.?dev)")
SpeculativeMethod = Literal["mtp", "draft_model", "eagle", "eagle3", "dflash", "dspark", "ngram"]
NAMED_DRAFT = frozenset({"draft_model", "dflash"})  # methods whose draft must be named
LIKE_THE_MODEL = frozenset({"eagle", "eagle3"})  # else one layer like the model's own
OF_CHECKPOINT = frozenset({"mtp", "dspark"})  # modules that checkpoints ship, if no draft is named
PATCH = re.compile(r"v?\d+\.\d+\.(\d+)")
NEWEST = 10**6  # the patch of a version that names none
StateType = Literal["float32", "bfloat16", "float16"]
ServedBy = Literal["http", "in_process"]
Router = Literal["affine", "round_robin", "least_loaded"]
Arrivals = Literal["poisson", "constant"]
EngineName = Literal["vllm", "sglang", "trtllm", "llamacpp", "tei", "infinity", "generic"]
READERS: frozenset[EngineName] = frozenset({"tei", "infinity"})  # of texts, on one device
PresetName = Literal["chat", "rag", "agent", "summarise", "code"]
Offered = Literal["request_rate", "users", "concurrency"]
Highest = Literal["highest"]
HIGHEST: Highest = "highest"
OfLog = Literal["traffic"]
OF_LOG: OfLog = "traffic"
HOURS = 24  # of a day


@frozen
class Workload:
    """`[workload]`: the load to carry; lists are swept, every combination is tried."""

    task: Task | None = key(
        "`generate` writes an answer; `embed`, `rerank` and `classify` read a text in one pass and "
        "write none; without it what the models are made for",
        default=None,
    )
    input_tokens: tuple[int, ...] = key(
        "prompt length", unit="token", default=(1024,), least=1, most=100_000_000
    )
    output_tokens: tuple[int, ...] = key(
        "answer length", unit="token", default=(256,), least=1, most=100_000_000
    )
    concurrency: tuple[int, ...] = key(
        "requests in flight, over all replicas",
        unit="request",
        default=(1,),
        least=1,
        most=10_000_000,
    )
    request_rate: tuple[float, ...] | Highest = key(
        "arrivals over all replicas, instead of a concurrency; `highest` finds for each candidate "
        "the highest rate at which every condition holds",
        unit="request/s",
        default=(),
        above=0,
        most=1e9,
    )
    request_rate_by_hour: tuple[float, ...] | OfLog = key(
        "arrivals in each of the 24 hours of a day, instead of one rate: the busiest decides the "
        "replicas, and the answer has those of each hour; `traffic` is the day of the log",
        unit="request/s",
        default=(),
        repeats=True,
        least=0,
        most=1e9,
    )
    arrivals: Arrivals = key(
        "`poisson`, each request on its own, or `constant`, all gaps alike", default="poisson"
    )
    burstiness: float = key(
        "shape of the gamma distribution of gaps, as in vLLM's benchmark: 1 is Poisson, lower is "
        "burstier",
        default=1.0,
        least=0.01,
        most=1000,
    )
    users: tuple[int, ...] = key(
        "people who send a request, read the answer and think, instead of a concurrency",
        unit="user",
        default=(),
        least=1,
        most=100_000_000,
    )
    think_time_s: float = key(
        "mean time between an answer and the next request of a user, or the next of the `turns`",
        unit="s",
        default=0.0,
        least=0,
        most=1e6,
    )
    requests: int | None = key(
        "requests of a benchmark that starts with all users at once, the burst included; without "
        "it the first wave is an eighth of a run",
        unit="request",
        default=None,
        least=1,
        most=1_000_000_000,
    )
    preset: PresetName | None = key(
        "lengths and prefix hits of a published trace, in place of your own: `chat`, `rag`, "
        "`agent`, `summarise` or `code`; keys that you give go before",
        default=None,
    )
    traffic: str | None = key(
        "summary of a log that `sizer import --trace` wrote, by path from this file: its rate, "
        "lengths, bursts and prefix hits are the load",
        default=None,
    )
    trace: str | None = key(
        "the log itself, by path from this file, which each run reads (extra `traffic`)",
        default=None,
    )
    window: int | None = key(
        "length of windows of the log: the rate to carry is a quantile of theirs; without it 10, "
        "or 1 for a log of few",
        unit="s",
        default=None,
        least=1,
        most=10**9,
    )
    quantile: float | None = key(
        "share of windows whose rate is carried: 0.5, 0.9, 0.95, 0.99, 0.999 or, for the busiest, "
        "1; without it 0.99",
        default=None,
        above=0,
        most=1,
    )
    prefix_hit_share: float = key(
        "share of a prompt that is in the cache already, from an earlier one; it goes before what "
        "follows from `turns`",
        default=0.0,
        least=0,
        most=0.99,
    )
    turns: int = key(
        "requests of a session, each of which sends the ones before and their answers again; "
        "`input_tokens` is the mean prompt over all of them",
        unit="request",
        default=1,
        least=1,
        most=1000,
    )
    shared_prefix_tokens: int = key(
        "tokens at the start of a prompt that requests of a group share, like a system prompt",
        unit="token",
        default=0,
        least=0,
        most=100_000_000,
    )
    prefix_groups: int = key(
        "groups of requests, each with a shared prefix of its own", default=1, least=1, most=10**9
    )
    router: Router = key(
        "`affine` sends a group to one replica, `round_robin` each request to the next, "
        "`least_loaded` to the replica with the fewest requests",
        default="round_robin",
    )
    lockstep: bool = key(
        "users start together and their answers have one length, so each wave of prompts is a "
        "burst, as in benchmarks of fixed lengths",
        default=False,
    )
    input_tokens_spread: float = key(
        "standard deviation of prompt lengths over their mean", default=0.0, least=0, most=10
    )
    output_tokens_spread: float = key(
        "standard deviation of answer lengths over their mean", default=0.0, least=0, most=10
    )
    input_tokens_percentiles: dict[str, int] = key(
        "prompt lengths, like `{ p50 = 800, p90 = 3000 }`, instead of mean and spread",
        unit="token",
        default=dict,
        least=1,
        most=100_000_000,
    )
    output_tokens_percentiles: dict[str, int] = key(
        "answer lengths by percentile, instead of mean and spread",
        unit="token",
        default=dict,
        least=1,
        most=100_000_000,
    )
    max_context: int | None = key(
        "longest sequence to promise; without it the longest lengths named",
        unit="token",
        default=None,
        least=1,
        most=1_000_000_000,
    )

    @property
    def offered(self) -> Offered:
        """The list of the load that counts: rates, else users, else requests in flight."""
        if self.request_rate or self.request_rate_by_hour:
            return "request_rate"
        return "users" if self.users else "concurrency"

    @property
    def offers(self) -> tuple[float, ...]:
        """That list; nothing where the highest rate is looked for."""
        if self.offered == "request_rate":
            return self.rates
        return self.users or self.concurrency

    @property
    def is_highest(self) -> bool:
        """Whether the highest rate of each candidate is looked for."""
        return self.request_rate == HIGHEST

    @property
    def rates(self) -> tuple[float, ...]:
        """The rates that are given, of a day the busiest; none where the highest is looked for."""
        if self.day:
            return (max(self.day),)
        return () if isinstance(self.request_rate, str) else self.request_rate

    @property
    def day(self) -> tuple[float, ...]:
        """The rate in each hour of the day; nothing without one, and before its log is read."""
        by_hour = self.request_rate_by_hour
        return () if isinstance(by_hour, str) else by_hour


@frozen
class Speculative:
    """`[engine.speculative]`: tokens that are drafted for each step, and that the model checks."""

    method: SpeculativeMethod | None = key(
        "who drafts: `mtp` or `dspark` (modules of the checkpoint), `draft_model`, `eagle`, "
        "`eagle3`, `dflash` or `ngram` (the text itself)",
        default=None,
    )
    model: str | None = key(
        "the draft's catalog name, ORG/MODEL of the hub, or path; `mtp` and `ngram` have none, "
        "`dspark` has one where it is no part of the checkpoint, and `eagle` without one is a "
        "layer like the model's",
        default=None,
    )
    tokens: tuple[int, ...] = key(
        "tokens drafted for each step; each of a list is a candidate, and `0` drafts none",
        default=(1,),
        least=0,
        most=1024,
    )
    acceptance_length: tuple[float, ...] = key(
        "tokens that a step yields of each request in the mean, its own among them, as engines log "
        "it: one for each of `tokens`, or one for all that draft",
        unit="token",
        default=(),
        repeats=True,
        least=1,
        most=1025,
    )
    acceptance_curve: str | None = key(
        "reference curve that gives it instead, like `dsv4_mtp thinking_on`; all were measured on "
        "coding",
        default=None,
    )

    def accepted(self, tokens: int) -> float | None:
        """Return the acceptance length that is given for so many drafted tokens, else None."""
        if not tokens:
            return 1.0
        if len(self.acceptance_length) == len(self.tokens):
            return self.acceptance_length[self.tokens.index(tokens)]
        return self.acceptance_length[0] if self.acceptance_length else None


@frozen
class Engine:
    """`[engine]`: the serving software and its limits."""

    name: EngineName = key(
        "serving engine; `tei` (text-embeddings-inference) and `infinity` read texts alone",
        default="vllm",
    )
    version: str | None = key("its version, like `0.10.2`; without it a current one", default=None)
    gpu_memory_utilization: float | None = key(
        "share of the memory that the engine may take; without it the engine's default",
        default=None,
        above=0,
        most=1,
    )
    max_num_batched_tokens: int | None = key(
        "tokens in one step (chunked prefill); without it the engine's default",
        unit="token",
        default=None,
        least=1,
        most=100_000_000,
    )
    max_num_seqs: int | None = key(
        "sequences in one step; without it the engine's default",
        default=None,
        least=1,
        most=10_000_000,
    )
    served_by: ServedBy = key(
        "`http` behind a server; `in_process` where the program that asks runs the engine itself, "
        "so no request is handled before its prompt is read",
        default="http",
    )
    prefill_wait_steps: int = key(
        "decode steps for which prompts are held back, to read several at once "
        "(TensorRT-LLM's `batch_wait_timeout_iters`)",
        default=0,
        least=0,
        most=1_000_000,
    )
    scheduler_recv_interval: int = key(
        "decode steps between two looks for new requests (SGLang's `--scheduler-recv-interval`)",
        default=1,
        least=1,
        most=1_000_000,
    )
    static_batching: bool = key("all requests start and end together", default=False)
    async_scheduling: bool | None = key(
        "whether the next step is scheduled while one runs (vLLM's `--async-scheduling`), which "
        "keeps the windows of both; without it the engine's default",
        default=None,
    )
    kv_cache_memory_bytes: int | None = key(
        "cache of one accelerator, exactly; `gpu_memory_utilization` does not count then",
        unit="B",
        default=None,
        least=1,
        most=10**15,
    )
    block_size: int | None = key(
        "tokens in a block of the cache; without it the engine's default",
        unit="token",
        default=None,
        least=1,
        most=65_536,
    )
    enforce_eager: bool = key("no CUDA graphs: kernels are launched one by one", default=False)
    cudagraph_capture_sizes: tuple[int, ...] = key(
        "batch sizes that have a CUDA graph; without it the engine's default",
        default=(),
        least=1,
        most=10_000_000,
    )
    max_cudagraph_capture_size: int | None = key(
        "largest batch that has a CUDA graph; without it the engine's default",
        default=None,
        least=1,
        most=10_000_000,
    )
    max_loras: int = key(
        "LoRA adapters that one step may use, each with a slot on every accelerator",
        default=0,
        least=0,
        most=10_000,
    )
    max_lora_rank: int = key("rank of a slot for LoRA", default=16, least=1, most=4096)
    decode_context_parallel_size: int = key(
        "tensor ranks over which the cache of each request is divided",
        default=1,
        least=1,
        most=1024,
    )
    layers_per_stage: tuple[int, ...] = key(
        "layers of each pipeline stage, in order; without it as even as the engine can",
        default=(),
        repeats=True,
        least=1,
        most=10_000,
    )
    language_model_only: bool = key("towers for images and sound are not loaded", default=False)
    images_per_prompt: int | None = key(
        "vLLM: images that a prompt may have, and as many items of each other kind "
        "(`--limit-mm-per-prompt`); with `0` no tower is run or loaded; without it any number",
        default=None,
        least=0,
        most=1_000_000,
    )
    cpu_offload_gib: float = key(
        "weights that stay in the host's memory, of each accelerator's",
        unit="GiB",
        default=0.0,
        least=0,
        most=1e6,
    )
    cpu_cache_gib: float = key(
        "memory of the host for cache of one replica, where blocks are found again after they "
        "left the accelerators (vLLM's `--kv-offloading-size`, SGLang's `--hicache-size` for all "
        "ranks, LMCache)",
        unit="GiB",
        default=0.0,
        least=0,
        most=1e6,
    )
    cpu_cache_gb_s: float | None = key(
        "speed at which an accelerator reads it, like its PCIe: 5.0 x16 has 64 one way, 4.0 has 32",
        unit="GB/s",
        default=None,
        above=0,
        most=1e5,
    )
    disk_cache_gib: float = key(
        "disk for cache of one replica, behind the host's memory",
        unit="GiB",
        default=0.0,
        least=0,
        most=1e9,
    )
    disk_cache_gb_s: float | None = key(
        "speed at which a replica reads it", unit="GB/s", default=None, above=0, most=1e5
    )
    swa_full_tokens_ratio: float | None = key(
        "SGLang: tokens of its pool for windows over those of the full one; without it `0.8`",
        default=None,
        above=0,
        most=1,
    )
    mamba_full_memory_ratio: float | None = key(
        "SGLang: bytes of its pool for states over those for tokens; without it `0.9`",
        default=None,
        above=0,
        most=1000,
    )
    max_mamba_cache_size: int | None = key(
        "SGLang: slots of its pool for states; without it by `mamba_full_memory_ratio`",
        unit="slot",
        default=None,
        least=1,
        most=10_000_000,
    )
    mamba_ssm_dtype: StateType | None = key(
        "SGLang: numbers of states; without it the model's own", default=None
    )
    ctx_size: int | None = key(
        "llama.cpp: tokens of its cache, of all slots together (`--ctx-size`); without it "
        "`max_context` for each slot that `max_num_seqs` asks for, or once for all",
        unit="token",
        default=None,
        least=1,
        most=1_000_000_000,
    )
    gpu_layers: int | None = key(
        "llama.cpp: layers on the device, the last ones (`--gpu-layers`); without it all. "
        "With some on the host no times are known",
        default=None,
        least=0,
        most=100_000,
    )
    mmproj: bool = key("llama.cpp: the vision file is loaded besides (`--mmproj`)", default=False)

    speculative: Speculative = field(
        default=Factory(Speculative), metadata={"doc": "tokens that are drafted"}
    )
    disaggregated: Disaggregated = field(
        default=Factory(Disaggregated), metadata={"doc": "prompts read apart from decoding"}
    )

    @property
    def untimed(self) -> tuple[str, ...]:
        """Keys whose settings leave every time unknown."""
        asked = {
            "decode_context_parallel_size": self.decode_context_parallel_size > 1,
            "cpu_offload_gib": self.cpu_offload_gib > 0,
            "gpu_layers": self.gpu_layers is not None,
        }
        return tuple(key for key, is_asked in asked.items() if is_asked)

    @property
    def image_limit(self) -> int | None:
        """Images of a prompt where an engine's memory follows from them, under vLLM; else None."""
        if self.name != "vllm":
            return None
        return 0 if self.language_model_only else self.images_per_prompt

    @property
    def drafted_tokens(self) -> int:
        """Tokens drafted for each step, the most of a list; 0 where nobody drafts."""
        return max(self.speculative.tokens, default=0) if self.speculative.method else 0

    @property
    def lacks_acceptance(self) -> bool:
        """Whether it drafts, and nothing of it says how many tokens a step yields."""
        asked = self.speculative
        return self.drafted_tokens > 0 and not (asked.acceptance_length or asked.acceptance_curve)

    def drafting(self, tokens: int) -> Engine:
        """Return the same engine with one number of drafted tokens, 0 for none."""
        asked = self.speculative
        one = evolve(asked, tokens=(tokens,), acceptance_length=()) if tokens else Speculative()
        return evolve(self, speculative=one)

    @property
    def patch_release(self) -> tuple[int, int, int]:
        """Major, minor and patch; the newest where a version names none or is no release."""
        if self.release is None:
            return NEWEST, 0, 0
        found = PATCH.match(self.version or "")
        return (*self.release, int(found[1]) if found else NEWEST)

    @property
    def release(self) -> tuple[int, int] | None:
        """Major and minor of a version such as `0.10.2` or `v1.0.0rc3`; None for no release."""
        found = RELEASE.match(self.version or "")
        return (int(found[1]), int(found[2])) if found else None
