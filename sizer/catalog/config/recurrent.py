"""Mixers with a constant state a sequence: Mamba, Mamba-2, gated delta nets, Kimi delta.

A state's elements are those of its wide part; the 16-bit convolution window beside it is
counted at its share, so that elements times bytes are exact.
"""

from __future__ import annotations

from sizer.catalog.config.fields import Fields
from sizer.schema.facts.model import Attention

CONVOLUTION_BYTES = 2


def mamba(fields: Fields) -> Attention:
    """Return a Mamba layer (Gu and Dao, 2023); Jamba adds norms of its three inputs."""
    hidden = fields.hidden
    inner = fields.count("intermediate_size", default=0) if fields.family == "mamba" else 0
    inner = inner or fields.count("mamba_expand", "expand") * hidden
    state = fields.count("mamba_d_state", "state_size")
    kernel = fields.count("mamba_d_conv", "conv_kernel")
    rank = fields.count("mamba_dt_rank", "time_step_rank")
    total = 3 * hidden * inner + inner * (kernel + 1) + inner * (rank + 2 * state)
    total += rank * inner + inner + inner * state + inner
    total += rank + 2 * state if fields.family == "jamba" else 0
    return _stateful("mamba", fields, inner * state, (inner, kernel), total, inner * hidden)


def mamba2(fields: Fields) -> Attention:
    """Return a Mamba-2 layer (Dao and Gu, 2024)."""
    heads = fields.count("mamba_num_heads", "mamba_n_heads", "num_heads")
    width = fields.count("mamba_head_dim", "mamba_d_head", "head_dim")
    state = fields.count("ssm_state_size", "mamba_d_state", "state_size")
    kernel = fields.count("conv_kernel", "mamba_d_conv")
    groups = fields.count("n_groups", "mamba_n_groups")
    inner = heads * width
    convolved = inner + 2 * groups * state
    total = fields.hidden * (inner + convolved + heads) + convolved * (kernel + 1)
    total += 3 * heads + inner + inner * fields.hidden
    return _stateful(
        "mamba", fields, inner * state, (convolved, kernel), total, inner * fields.hidden
    )


def delta_net(fields: Fields) -> Attention:
    """Return a gated delta net as Qwen3-Next has it."""
    key_heads, value_heads = (
        fields.count("linear_num_key_heads"),
        fields.count("linear_num_value_heads"),
    )
    key_width, value_width = (
        fields.count("linear_key_head_dim"),
        fields.count("linear_value_head_dim"),
    )
    kernel = fields.count("linear_conv_kernel_dim")
    keys, values = key_heads * key_width, value_heads * value_width
    convolved = 2 * keys + values
    total = fields.hidden * (convolved + values + 2 * value_heads) + convolved * kernel
    total += 2 * value_heads + value_width + values * fields.hidden
    return _stateful(
        "linear",
        fields,
        value_heads * key_width * value_width,
        (convolved, kernel),
        total,
        values * fields.hidden,
    )


def kimi_delta(fields: Fields) -> Attention:
    """Return Kimi delta attention (Kimi Linear, 2025)."""
    table = fields.section("linear_attn_config")
    source = table if table.inner else fields
    heads = source.count("num_heads", "linear_num_heads")
    width = source.count("head_dim" if table.inner else "linear_head_dim")
    kernel = source.count("short_conv_kernel_size", "linear_conv_kernel_dim")
    inner, hidden = heads * width, fields.hidden
    gate = hidden * inner if table.flag("use_full_rank_gate") else width * (hidden + inner)
    total = 4 * hidden * inner + 3 * inner * kernel + width * (hidden + inner) + gate
    total += hidden * heads + heads + inner + width
    return _stateful(
        "linear",
        fields,
        heads * width * width,
        (3 * inner, kernel),
        total,
        inner * hidden,
        4,
    )


def _stateful(
    kind: str,
    fields: Fields,
    state: int,
    convolution: tuple[int, int],
    parameters: int,
    output: int,
    width: int | None = None,
) -> Attention:
    """Return a mixer; `convolution` are channels and the tokens that its kernel sees."""
    width = width or _state_bytes(fields)
    channels, kernel = convolution
    return Attention(
        kind="mamba" if kind == "mamba" else "linear",
        state_elements=state + channels * (kernel - 1) * CONVOLUTION_BYTES // width,
        state_bytes_per_element=width,
        convolved=channels,
        parameters=parameters,
        output_parameters=output,
    )


def _state_bytes(fields: Fields) -> int:
    stated = fields.inner.get("mamba_ssm_dtype") or fields.inner.get("mamba_ssm_cache_dtype")
    return 4 if stated == "float32" else 2
