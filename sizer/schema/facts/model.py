"""A model's structure: what a Hugging Face config.json says, in one vocabulary.

Counts are whole numbers; widths are in elements. A structure is enough to count
parameters, bytes of cache and floating-point operations exactly.
"""

from __future__ import annotations

from typing import Literal

from attrs import evolve, frozen

from sizer.schema.asked.tasks import Task
from sizer.schema.facts.provenance import EXACT, Provenance
from sizer.schema.facts.unmeasured import NotCounted, Part

CacheAuthor = Literal["modelopt", "compressed-tensors"]
AttentionKind = Literal["softmax", "mla", "linear", "mamba", "none"]
Role = Literal[
    "attention",
    "mixer",
    "mixer_out",
    "mlp",
    "shared",
    "expert",
    "draft",
    "router",
    "norm",
    "embedding",
    "head",
    "other",
]


@frozen
class Attention:
    """The token mixer of a layer.

    `softmax` covers MHA, GQA and MQA (by `kv_heads`); `mla` caches `kv_lora_rank +
    qk_rope_head_dim` elements a token; `linear` and `mamba` keep a constant state a sequence.
    `window` is how far a layer looks back; a `chunked` one only to its chunk's start.
    MLA with a `compression` keeps one latent for so many tokens; its widths are for one token.
    `convolved` are the channels of a recurrent mixer's convolution, whose window is part of its
    state; 0 where no file says it. `output_parameters` are those of `parameters` in a recurrent
    mixer's last matrix, if known.
    """

    kind: AttentionKind = "softmax"
    heads: int = 0
    kv_heads: int = 0
    head_dim: int = 0
    v_head_dim: int = 0
    window: int | None = None
    chunked: bool = False
    compression: int = 0
    q_lora_rank: int | None = None
    kv_lora_rank: int = 0
    qk_rope_head_dim: int = 0
    index_heads: int = 0
    index_head_dim: int = 0
    cached: bool = True
    state_elements: int = 0
    state_bytes_per_element: int = 2
    convolved: int = 0
    parameters: int = 0
    output_parameters: int = 0


@frozen
class Mlp:
    """The feed-forward part of a layer; `experts` 0 means dense; counts of parameters by role."""

    width: int = 0
    experts: int = 0
    experts_per_token: int = 0
    expert_width: int = 0
    dense_parameters: int = 0
    shared_parameters: int = 0
    expert_parameters: int = 0
    router_parameters: int = 0


@frozen
class LayerGroup:
    """`count` layers of one shape; `norm_parameters` are per layer."""

    count: int
    attention: Attention
    mlp: Mlp
    norm_parameters: int = 0


@frozen
class Alias:
    """Another repository of a structure, in its own weight format.

    `max_context` and `kv_cache` hold for this repository. None means: the context of the
    structure, and no cache format stated. `kv_cache_by` is the tool that stated it.
    `provenance` is where its own file was read. `task` is what it is made for, if that is another
    than the structure's.
    """

    name: str
    weights: str
    max_context: int | None = None
    kv_cache: str | None = None
    kv_cache_by: CacheAuthor = "modelopt"
    provenance: Provenance | None = None
    task: Task | None = None


@frozen
class StoredPart:
    """A part that a repository stores in another format than its `weights`; `share` of it does.

    A quantiser may leave some layers of a part alone, or some matrices in every layer.
    """

    repository: str
    weights: str
    part: Role
    form: str
    share: float = 1.0


@frozen
class Uncounted:
    """What an engine holds of a model and its structure does not count, and whose part it is."""

    what: str
    part: Part


@frozen(cache_hash=True)
class Model:
    """Everything that sizing needs to know of a model.

    `embedding_parameters` and `head_parameters` count the input table and the output
    projection (0 when tied); `other_parameters` are loaded but not part of a text step
    (vision tower, position tables); `known_parameters` is the published total, if any.
    `kv_cache` is the format in which the checkpoint asks for its cache to be kept, if it does;
    `kv_cache_by` is the tool that wrote this there. `scale_block` is how many rows and columns
    share a scale in its fp8 checkpoints (`weight_block_size`), 0 where none is known to.
    `weights_source` says where weight formats are stated that `provenance` does not state.
    `aliases` are other repositories of this structure; `stored` are the parts that differ from
    the format of their repository: in a file of the catalog those of every repository, in a model
    that was asked for its own. `rotary_table` counts the elements of the table of
    positions; `draft_parameters` those of modules for
    speculative decoding, stored and not loaded; `encoder_parameters` those of
    `other_parameters` that encode images or sound.
    `task` is what it is made for: one that embeds or classifies texts writes none.
    `uncounted` is what of its memory the numbers here leave out. `residual_streams` are kept beside
    each other through the layers (hyper-connections).
    `explorer_*` is what config_explorer answers for it (see catalog/explorer.toml).
    """

    name: str
    family: str
    hidden_size: int
    vocab_size: int
    max_context: int
    layers: tuple[LayerGroup, ...]
    embedding_parameters: int
    head_parameters: int
    provenance: Provenance
    tied_embeddings: bool = False
    final_norm_parameters: int = 0
    other_parameters: int = 0
    known_parameters: int | None = None
    weights: str = "bf16"
    weights_source: str | None = None
    kv_cache: str | None = None
    kv_cache_by: CacheAuthor = "modelopt"
    scale_block: int = 0
    note: str = ""
    parameters_by_dtype: tuple[tuple[str, int], ...] = ()
    aliases: tuple[Alias, ...] = ()
    stored: tuple[StoredPart, ...] = ()
    rotary_table: int | None = None
    draft_parameters: int = 0
    encoder_parameters: int = 0
    task: Task = "generate"
    uncounted: tuple[Uncounted, ...] = ()
    residual_streams: int = 1
    explorer_possible_tp: tuple[int, ...] = ()
    explorer_kv_bytes_per_token: int | None = None

    @property
    def layer_count(self) -> int:
        """Number of layers."""
        return sum(group.count for group in self.layers)

    @property
    def rotary_elements(self) -> int:
        """Elements of the table of rotary positions: as stated, else of the widest head."""
        if self.rotary_table is not None:
            return self.rotary_table
        rotated = (g.attention.qk_rope_head_dim or g.attention.head_dim for g in self.layers)
        return self.max_context * max(rotated, default=0)

    @property
    def states_weights(self) -> bool:
        """Whether a source states the weight format; the catalog's own word is no source."""
        return self.is_read or self.weights_source is not None

    @property
    def is_read(self) -> bool:
        """Whether the checkpoint's own files state the shapes, or whoever describes the model."""
        return isinstance(self.provenance, EXACT)

    @property
    def not_counted(self) -> tuple[NotCounted, ...]:
        """What of its memory is not counted, under its name."""
        return tuple(NotCounted(self.name, each.what, each.part) for each in self.uncounted)

    def uncounted_images(self, images: int | None) -> tuple[NotCounted, ...]:
        """What its tower takes at work where a prompt may have so many images; None: not said.

        Facts have a tower's parameters, not its depth and width, nor the tokens of an image.
        """
        if not self.encoder_parameters or not images:
            return ()
        what = "its tower's buffers for the largest image"
        return (NotCounted(self.name, what, "activations"),)

    def with_context(self, tokens: int) -> Model:
        """Return this model with another longest context, its table of positions in proportion."""
        table = self.rotary_table
        if table is not None and self.max_context:
            table = round(table * tokens / self.max_context)
        return evolve(self, max_context=tokens, rotary_table=table)

    def exceptions(self, form: str) -> tuple[StoredPart, ...]:
        """Return the parts that this checkpoint stores otherwise than in its format `form`.

        None in a format that is not its own: what another quantiser keeps is not known.
        """
        return tuple(each for each in self.stored if each.weights == form)

    @property
    def parameters(self) -> int:
        """Total number of parameters computed from the structure."""
        outside = self.embedding_parameters + self.head_parameters + self.final_norm_parameters
        return outside + self.other_parameters + sum(g.count * _layer(g) for g in self.layers)

    @property
    def active_parameters(self) -> int:
        """Parameters that one token touches, output projection included, input table not."""
        head = self.embedding_parameters if self.tied_embeddings else self.head_parameters
        return head + self.final_norm_parameters + sum(g.count * _active(g) for g in self.layers)

    @property
    def cache(self) -> Literal["plain", "hybrid", "compressed"]:
        """Whether layers cache alike, in several kinds, or one vector for several tokens."""
        if any(group.attention.compression for group in self.layers):
            return "compressed"
        kept = [group.attention for group in self.layers if group.attention.kind != "none"]
        alike = len({(mixer.kind, mixer.window) for mixer in kept if mixer.cached}) <= 1
        return "plain" if alike else "hybrid"

    @property
    def is_encoder(self) -> bool:
        """Whether no layer keeps anything of a text: it is read whole, both ways at once."""
        mixers = [group.attention for group in self.layers]
        return all(each.kind == "softmax" and not each.cached for each in mixers)

    @property
    def is_moe(self) -> bool:
        """Whether any layer routes tokens to experts."""
        return any(group.mlp.experts for group in self.layers)

    @property
    def attention(self) -> str:
        """`mha`, `gqa`, `mqa`, `mla`, or `hybrid` when layers differ in kind."""
        kinds = {_attention_name(g.attention) for g in self.layers if g.attention.kind != "none"}
        return kinds.pop() if len(kinds) == 1 else "hybrid"


def _layer(group: LayerGroup) -> int:
    mlp = group.mlp
    routed = mlp.experts * mlp.expert_parameters + mlp.router_parameters
    dense = mlp.dense_parameters + mlp.shared_parameters
    return group.attention.parameters + dense + routed + group.norm_parameters


def _active(group: LayerGroup) -> int:
    mlp = group.mlp
    idle = (mlp.experts - mlp.experts_per_token) * mlp.expert_parameters if mlp.experts else 0
    return _layer(group) - idle


def _attention_name(attention: Attention) -> str:
    if attention.kind == "mla":
        return "mla"
    if attention.kind != "softmax":
        return "hybrid"
    if attention.kv_heads == 1 and attention.heads > 1:
        return "mqa"
    return "mha" if attention.kv_heads == attention.heads else "gqa"
