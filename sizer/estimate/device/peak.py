"""What an engine's profiling run finds beside weights: activations, communicators, graphs.

The run takes the largest step that the engine may take, `max_num_batched_tokens` tokens, and
samples for `max_num_seqs` sequences at once. The peak is that of a layer or of the sampler;
workspaces of experts live through both.
"""

from __future__ import annotations

from math import inf

from attrs import frozen

from sizer.catalog.calibration import held_constants
from sizer.estimate.device.gguf import buffer_bytes_per_token
from sizer.estimate.device.index_peak import index_logits_bytes
from sizer.estimate.device.scratch import keeps_queries, padded_width
from sizer.estimate.device.stages import Stage
from sizer.estimate.engine.settings import CHUNKED_SINCE, Settings
from sizer.schema.facts.engine_constants import Held
from sizer.schema.facts.model import Attention, LayerGroup, Mlp, Model
from sizer.schema.scenario import Deployment
from sizer.units import GIB

BYTES = 2.0  # activations are 16 bit
MOST_SIZES = 51  # captured where graphs were measured: vLLM 0.19 on an H100


@frozen
class Peak:
    """What a profiling run takes on one device of a stage, for each token of its step.

    A layer and the sampler exclude each other; workspaces and the encoder's cache stay.
    """

    forward_bytes_per_token: float
    forward_bytes: float
    sampler_bytes: float
    hidden_bytes_per_token: float
    workspace_bytes_per_token: float

    @property
    def bytes_per_token(self) -> float:
        """Bytes that each token adds to a step whose layers are the peak."""
        return self.forward_bytes_per_token + self.workspace_bytes_per_token

    def bytes_of(self, tokens: float) -> float:
        """Return the peak of a step of so many tokens, in bytes."""
        kept = (self.hidden_bytes_per_token + self.workspace_bytes_per_token) * tokens
        return max(self.bytes_per_token * tokens + self.forward_bytes, self.sampler_bytes + kept)


def peak(deployment: Deployment, settings: Settings, stage: Stage) -> Peak:
    """Return the peak of activations of a stage.

    vLLM's cache of a tower's embeddings has room for `max_num_batched_tokens` of them, however few
    images a prompt may have (compute_mm_encoder_budget); a larger image is not counted.
    """
    if settings.has_slots:
        return Peak(buffer_bytes_per_token(deployment), 0.0, 0.0, 0.0, 0.0)
    model, known = deployment.model, held_constants()
    residual = BYTES * model.hidden_size
    widths = known.value("forward_widths", settings.version)
    widest = max(_layer_width(each, deployment, settings) for each in model.layers)
    received = 2.0 * residual if deployment.pp > 1 else 0.0
    samples = stage.last and model.task == "generate"  # vLLM, profile_run: else it pools
    encoded = residual if model.encoder_parameters and settings.extras.encodes else 0.0
    return Peak(
        forward_bytes_per_token=BYTES * widest + widths * residual + _streams(model),
        forward_bytes=index_logits_bytes(model, settings),
        sampler_bytes=_sampler(deployment, settings, known) if samples else 0.0,
        hidden_bytes_per_token=residual,
        workspace_bytes_per_token=_workspace(deployment, settings) + received + encoded,
    )


def whole_prompt_tokens(deployment: Deployment, settings: Settings) -> float:
    """Return the longest prompt that is one step, in tokens; 0 where all are cut.

    vLLM before V1 cuts longer ones itself, but not those with images, of latents, or where every
    layer has a window (EngineArgs, create_engine_config).
    """
    longest = settings.whole_prompt_tokens
    return inf if longest and not _is_cut(deployment.model) else longest


def _is_cut(model: Model) -> bool:
    attentions = [group.attention for group in model.layers]
    latent = any(each.kind == "mla" for each in attentions)
    return not (model.encoder_parameters or latent or all(each.window for each in attentions))


def _sampler(deployment: Deployment, settings: Settings, known: Held) -> float:
    """Return what sampling for the largest batch takes, where an engine profiles that."""
    if not settings.profiles:
        return 0.0
    logits = float(deployment.model.vocab_size) * settings.max_num_seqs
    constant = known.value("sampler_gib", settings.version) * GIB
    return known.value("sampler_bytes", settings.version) * logits + constant


def _layer_width(group: LayerGroup, deployment: Deployment, settings: Settings) -> float:
    """Return the elements of a token in the widest part of a layer on one device."""
    hidden, tp = deployment.model.hidden_size, deployment.tp
    mlp, attention = group.mlp, group.attention
    dense = 3.0 * mlp.width / tp
    copies = 1.0 if keeps_queries(settings) else 2.0  # outputs, and queries beside them
    attended = copies * padded_width(attention, tp) or _attended_width(attention) / tp
    recurrent = attention.kind in {"linear", "mamba"}
    mixed = attention.parameters / hidden / tp if recurrent else 0.0  # into its state and out
    return max(dense, attended, mixed)


def _attended_width(attention: Attention) -> float:
    queries = attention.heads * attention.head_dim
    keys = attention.kv_heads * (attention.head_dim + attention.v_head_dim)
    return queries + keys + attention.heads * attention.v_head_dim


def _streams(model: Model) -> float:
    """Return a token's residual streams beside the residual: those that come in, and go out.

    vLLM, vllm/models/deepseek_v4/nvidia/model.py (mhc_fused_post_pre).
    """
    several = model.residual_streams > 1
    return 2.0 * BYTES * model.residual_streams * model.hidden_size if several else 0.0


def _workspace(deployment: Deployment, settings: Settings) -> float:
    """Return a token's share of two buffers that a fused expert kernel keeps, in bytes."""
    routed = [group.mlp for group in deployment.model.layers if group.mlp.experts]
    if not routed or deployment.weights.padded_experts:
        return 0.0
    return BYTES * max(_expert_rows(mlp, deployment, settings) for mlp in routed)


def _expert_rows(mlp: Mlp, deployment: Deployment, settings: Settings) -> float:
    """Return the elements of a token over its experts.

    Two buffers that every product shares; before vLLM V1 a buffer for each product.
    """
    whole = deployment.ep > 1
    width = mlp.expert_width if whole else mlp.expert_width / deployment.expert_ranks
    hidden = deployment.model.hidden_size
    if settings.version < CHUNKED_SINCE:
        return mlp.experts_per_token * (3.0 * width + hidden)
    return mlp.experts_per_token * (max(width, hidden) + max(2.0 * width, hidden))


def non_torch_bytes(deployment: Deployment, settings: Settings) -> float:
    """Return memory outside PyTorch's allocator on one device."""
    name = "non_torch_stage_gib" if deployment.pp > 1 else "non_torch_single_gib"
    if deployment.tp > 1:
        joined = deployment.tp <= settings.linked_devices
        name = "non_torch_tensor_gib" if joined else "non_torch_slow_tensor_gib"
    return held_constants().value(name, settings.version) * GIB


def graph_bytes(deployment: Deployment, settings: Settings) -> float:
    """Return what CUDA graphs take of the engine's budget on one device, one for each size."""
    captured = settings.captured_sizes
    if not captured or not settings.graphs_in_budget:
        return 0.0
    known, version = held_constants(), settings.version
    kind = "routed" if deployment.model.is_moe else "dense"
    fixed = known.value("graphs_fixed_share", version)
    share = fixed + (1.0 - fixed) * len(captured) / MOST_SIZES
    return known.value(f"graphs_{kind}_gib", version) * share * GIB
