"""SGLang's memory on one device: a static share for weights and pools, the rest left aside.

`mem_fraction_static` of what is free before the load is for weights and pools; activations and
CUDA graphs have the rest (SGLang, `server_args.py`). Pools are one of tokens, a page each, one
for windows, and one of slots for the states of recurrent layers (`pool_configurator.py`,
`kv_cache_configurator.py`).
"""

from __future__ import annotations

from math import inf

from attrs import evolve, frozen

from sizer.estimate.device.cache import state_bytes
from sizer.estimate.device.element_bytes import role_bytes
from sizer.estimate.engine.settings import Settings
from sizer.schema.scenario import Deployment
from sizer.units import GIB

LEAST_CHUNK = 2048
ENCODER_WEIGHTS_A_SQUARE = 12  # a layer of a vision transformer has 12 x width x width weights
USUAL_ENCODER = 24 * 1024**2  # layers x width x width of ViT-L, to which others are compared
FACTOR_ENDS = (0.8, 1.05)
COMPARED_SINCE = (0, 4, 10)  # before it, one factor for all models that see images
MIB = 2**20
PLACES = 3  # SGLang rounds its share to so many
STATE_WIDTHS = {"float32": 4.0, "bfloat16": 2.0, "float16": 2.0}


@frozen
class StaticPools:
    """What SGLang takes on one device beside weights and the pool of tokens, in bytes.

    `context_bytes` is gone before the load, `aside_bytes` is left for activations and graphs.
    `slots` of states are of `slot_bytes` each, one more than asked; they carry `requests`.
    `table_bytes` are the draft's own tables, which it gives up once pools are sized.
    """

    context_bytes: float
    aside_bytes: float
    slots: int = 0
    slot_bytes: float = 0.0
    requests: float = inf
    copies: float = 0.0
    table_bytes: float = 0.0

    @property
    def state_pool_bytes(self) -> float:
        """Bytes of the pool of states: its slots, one for padding, `copies` of drafted tokens."""
        return (self.slots + 1 + self.copies) * self.slot_bytes if self.slots else 0.0


def static_pools(deployment: Deployment, settings: Settings, weight_bytes: float) -> StaticPools:
    """Return what SGLang sets aside and gives to states once so many weights are loaded."""
    context = context_bytes(deployment, settings)
    free = settings.device.memory_mib * MIB - context
    aside = free * (1.0 - static_share(deployment, settings))
    tables = _draft_table_bytes(deployment, settings)
    plain = StaticPools(context, aside, table_bytes=tables)
    slot = _slot_bytes(deployment, settings)
    if not slot:
        return plain
    each = settings.default("state_slots_per_request")
    checked = settings.drafted_tokens + 1 if settings.drafted_tokens else 0
    slots = _slots(free - aside - tables - weight_bytes, slot, settings, checked)
    requests = min(slots // each, settings.max_num_seqs)
    return evolve(
        plain, slots=slots, slot_bytes=slot, requests=requests, copies=(requests + 1) * checked
    )


def _draft_table_bytes(deployment: Deployment, settings: Settings) -> float:
    """Return the tables that a checkpoint's own draft loads before it shares the model's.

    They count from the release on that loads the draft before it sizes pools (`init_lm_head`).
    """
    draft, model = deployment.draft, deployment.model
    if draft is None or draft.method != "mtp" or settings.default("reserved_mib_draft"):
        return 0.0
    embedding = model.embedding_parameters * role_bytes(deployment, "embedding")
    head = model.head_parameters * role_bytes(deployment, "head")
    return (embedding + head) / deployment.tp


def context_bytes(deployment: Deployment, settings: Settings) -> float:
    """Return what CUDA and the process group take before weights are loaded."""
    own = settings.default("context_gib")
    ranks = deployment.tp * deployment.dp
    if ranks == 1:
        return own * GIB
    group = "communicator_gib" if ranks <= settings.linked_devices else "communicator_slow_gib"
    return (own + settings.default(group)) * GIB


def static_share(deployment: Deployment, settings: Settings) -> float:
    """Return `mem_fraction_static`: as asked, else what the release derives from the device."""
    asked = settings.asked.gpu_memory_utilization
    if asked is not None:
        return asked
    reserved = _reserved_mib(deployment, settings) / settings.device.memory_mib
    share = round(1.0 - reserved - settings.default("reserved_share", _ranks(deployment)), PLACES)
    return share * _image_factor(deployment, settings)


def _reserved_mib(deployment: Deployment, settings: Settings) -> float:
    """Return the sizes that a release reserves for activations, graphs and communicators."""
    ranks = _ranks(deployment)

    def value(name: str) -> float:
        return settings.default(name, ranks)

    chunk = max(settings.max_num_batched_tokens, LEAST_CHUNK)
    graphs = value("cuda_graph_max_bs")
    latent = any(group.attention.kind == "mla" for group in deployment.model.layers)
    prompts = value("reserved_mib_prefill_graphs_latent") if latent else 0.0
    if not latent:
        sizes = captured_prompts(settings.max_num_batched_tokens)
        prompts = value("reserved_mib_per_prefill_graph") * sizes
    reserved = value("reserved_mib") + ranks * value("reserved_mib_per_rank")
    reserved += chunk * value("reserved_mib_per_chunk_token")
    reserved += graphs * value("reserved_mib_per_graph")
    if deployment.dp > 1:
        each = value("reserved_mib_per_group_and_graph")
        reserved += value("reserved_mib_attention_groups") + deployment.dp * graphs * each
    reserved = max(reserved + prompts, value("reserved_mib_least"))
    return reserved + (value("reserved_mib_draft") if settings.drafted_tokens else 0.0)


def captured_prompts(most: int) -> int:
    """Return how many lengths of prompts SGLang captures up to `most` tokens."""
    steps = ((4, 33, 4), (48, 257, 16), (288, 513, 32), (576, 1025, 64), (1280, 4097, 256))
    fixed = sum(size <= most for step in steps for size in range(*step))
    return fixed + len(range(4608, most + 1, 512))


def _image_factor(deployment: Deployment, settings: Settings) -> float:
    """Return by what the share shrinks for a model that sees images.

    SGLang compares layers x width x width of its encoder with those of ViT-L; they are counted
    by the encoder's weights here.
    """
    encoder = deployment.model.encoder_parameters
    if not encoder:
        return 1.0
    base = settings.default("image_factor")
    if settings.asked.patch_release < COMPARED_SINCE:
        return base
    times = encoder / ENCODER_WEIGHTS_A_SQUARE / USUAL_ENCODER
    least, most = FACTOR_ENDS
    return base * max(least, min(most, 1.1 - 0.1 * times))


def _slot_bytes(deployment: Deployment, settings: Settings) -> float:
    """Return the state of one sequence on one device, in numbers as asked.

    A convolution's window beside it, of 2 % at most, is taken to be as wide as the state.
    """
    asked = settings.asked.mamba_ssm_dtype
    total = 0.0
    for group in deployment.model.layers:
        own = float(group.attention.state_bytes_per_element)
        width = own if asked is None else STATE_WIDTHS[asked]
        total += group.count * state_bytes(group.attention, deployment) * width / own
    return total / deployment.pp


def _slots(rest_bytes: float, slot_bytes: float, settings: Settings, checked: int) -> int:
    """Return the slots of states: as asked, else by the ratio of both pools, one kept for padding.

    The pool holds copies of a state for the tokens of a draft that are `checked` at once, for
    each request and once more. Pools of negative size have none: SGLang refuses to start.
    """
    asked = settings.asked
    if asked.max_mamba_cache_size is not None:
        return asked.max_mamba_cache_size
    ratio = asked.mamba_full_memory_ratio
    ratio = settings.default("mamba_full_memory_ratio") if ratio is None else ratio
    held = rest_bytes * ratio / (1.0 + ratio) / slot_bytes - 1 - checked
    each = 1.0 + checked / settings.default("state_slots_per_request")
    return max(int(held / each), 0)


def _ranks(deployment: Deployment) -> int:
    return deployment.tp * deployment.dp * deployment.pp
