"""What a model family does that its config.json does not say: biases, norms, tying, windows.

Every family is listed by its `model_type`; one that is not listed is refused, since a wrong
guess would be a wrong count.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from attrs import evolve, frozen

Flag = bool | str
QkNorm = Literal["none", "head", "wide", "each"]
Windows = Literal["none", "all", "flag", "pattern"]


@frozen
class Family:
    """Conventions of a family; a flag is a constant or the name of the field that tells.

    `norms` counts normalisations of the residual in a layer, `norm_terms` the vectors of each
    (2 with a bias). `qk_norm` is over a head's width, over all heads, or one vector for each
    head. `period` is the distance of full layers in a pattern of windows.
    """

    qkv_bias: Flag = False
    out_bias: Flag = False
    qk_norm: QkNorm = "none"
    qk_norm_flag: str | None = None
    norms: int = 2
    norm_terms: int = 1
    gated: bool = True
    mlp_bias: Flag = False
    tied: bool = False
    head_bias: Flag = False
    position_rows: int | None = None
    embedding_norms: int = 0
    windows: Windows = "none"
    period: int = 0
    router_bias: bool = False
    expert_bias: bool = False
    expert_gated: bool = True
    output_gate: bool = False
    sinks: bool = False


LLAMA = Family(qkv_bias="attention_bias", out_bias="attention_bias", mlp_bias="mlp_bias")
MISTRAL = Family(windows="all")
QWEN2 = Family(qkv_bias=True, windows="flag")
QWEN3 = Family(qkv_bias="attention_bias", out_bias="attention_bias", qk_norm="head", windows="flag")
QWEN3_NEXT = evolve(QWEN3, output_gate=True, windows="none")
PLAIN = Family(qkv_bias=True, out_bias=True, norm_terms=2, gated=False, mlp_bias=True)
GEMMA = Family(qkv_bias="attention_bias", out_bias="attention_bias", tied=True)
OLMO2 = evolve(LLAMA, qk_norm="wide")
DEEPSEEK = Family()
DEEPSEEK_V3 = Family(router_bias=True)
GLM4_MOE = Family(
    qkv_bias="attention_bias", qk_norm="head", qk_norm_flag="use_qk_norm", router_bias=True
)
MINIMAX_M3 = Family(qk_norm="head", qk_norm_flag="use_qk_norm", router_bias=True)
STEP3 = Family(qk_norm="head", windows="pattern", router_bias=True, output_gate=False)
PHI = evolve(PLAIN, norms=1, head_bias=True)

FAMILIES: Mapping[str, Family] = {
    "baichuan": Family(),
    "bloom": evolve(PLAIN, tied=True, embedding_norms=1),
    "chatglm": Family(
        qkv_bias="add_qkv_bias", out_bias="add_bias_linear", mlp_bias="add_bias_linear"
    ),
    "cohere": evolve(
        LLAMA, norms=1, tied=True, qk_norm="each", qk_norm_flag="use_qk_norm", mlp_bias=False
    ),
    "cohere2": evolve(LLAMA, norms=1, tied=True, mlp_bias=False, windows="pattern", period=4),
    "dbrx": Family(),
    "deepseek": DEEPSEEK,
    "deepseek_v2": DEEPSEEK,
    "deepseek_v3": DEEPSEEK_V3,
    "deepseek_v32": DEEPSEEK_V3,
    "deepseek_v4": DEEPSEEK_V3,
    "ernie4_5": Family(qkv_bias="use_bias", out_bias="use_bias", mlp_bias="use_bias", tied=True),
    "ernie4_5_moe": Family(
        qkv_bias="use_bias", out_bias="use_bias", mlp_bias="use_bias", tied=True, router_bias=True
    ),
    "exaone": Family(),
    "exaone4": Family(qk_norm="head", windows="pattern", period=4),
    "falcon": evolve(PLAIN, qkv_bias="bias", out_bias="bias", mlp_bias="bias", tied=True),
    "falcon_h1": Family(qkv_bias="attention_bias", mlp_bias="mlp_bias"),
    "gemma": GEMMA,
    "gemma2": evolve(GEMMA, norms=4, windows="pattern", period=2),
    "gemma3_text": evolve(GEMMA, norms=4, qk_norm="head", windows="pattern", period=6),
    "gemma4_text": evolve(GEMMA, norms=4, qk_norm="head", windows="pattern", period=6),
    "glm4_moe": GLM4_MOE,
    "glm4_moe_lite": DEEPSEEK_V3,
    "glm4v_moe_text": GLM4_MOE,
    "glm_moe_dsa": DEEPSEEK_V3,
    "gpt2": evolve(PLAIN, tied=True, position_rows=0),
    "gpt_bigcode": evolve(PLAIN, tied=True, position_rows=0),
    "gpt_neox": PLAIN,
    "gpt_oss": Family(
        qkv_bias=True,
        out_bias=True,
        windows="pattern",
        period=2,
        router_bias=True,
        expert_bias=True,
        sinks=True,
    ),
    "gptj": evolve(PHI, qkv_bias=False, out_bias=False),
    "granite": LLAMA,
    "granitemoe": evolve(LLAMA, mlp_bias=False),
    "granitemoehybrid": evolve(LLAMA, mlp_bias=False),
    "hy_v3": Family(qk_norm="head", router_bias=True),
    "internlm": Family(qkv_bias="bias", out_bias="bias"),
    "internlm2": Family(qkv_bias="bias", out_bias="bias"),
    "jamba": Family(),
    "kimi_k2": DEEPSEEK_V3,
    "kimi_linear": DEEPSEEK_V3,
    "llama": LLAMA,
    "llama4_text": Family(qkv_bias="attention_bias", out_bias="attention_bias"),
    "longcat_flash": DEEPSEEK_V3,
    "mamba": Family(norms=1, tied=True),
    "mamba2": Family(norms=1, tied=True),
    "mimo": QWEN2,
    "mimo_v2_flash": Family(router_bias=True, windows="pattern"),
    "minicpm": evolve(LLAMA, mlp_bias=False, tied=True),
    "minicpm3": evolve(LLAMA, mlp_bias=False, tied=True),
    "minimax_m2": Family(qk_norm="wide", qk_norm_flag="use_qk_norm", router_bias=True),
    "minimax_m3": MINIMAX_M3,
    "minimax_m3_vl": MINIMAX_M3,
    "ministral3": MISTRAL,
    "mistral": MISTRAL,
    "mixtral": MISTRAL,
    "mllama_text_model": Family(),
    "mpt": Family(gated=False, tied=True),
    "nemotron": evolve(LLAMA, norm_terms=2, gated=False),
    "nemotron-nas": LLAMA,
    "nemotron_h": Family(
        qkv_bias="attention_bias",
        out_bias="attention_bias",
        mlp_bias="mlp_bias",
        norms=1,
        gated=False,
        expert_gated=False,
        router_bias=True,
    ),
    "olmo2": OLMO2,
    "olmo3": evolve(OLMO2, windows="pattern", period=4),
    "olmoe": OLMO2,
    "opt": evolve(PLAIN, tied=True, position_rows=2),
    "orion": Family(norm_terms=2),
    "phi": PHI,
    "phi-msft": PHI,
    "phi3": MISTRAL,
    "phi3_v": MISTRAL,
    "phi3small": evolve(PLAIN, gated=True, tied=True),
    "phimoe": evolve(
        PLAIN, qkv_bias="attention_bias", out_bias="attention_bias", head_bias="lm_head_bias",
        windows="all",
    ),
    "qwen": Family(qkv_bias=True),
    "qwen2": QWEN2,
    "qwen2_5_vl": QWEN2,
    "qwen2_5_vl_text": QWEN2,
    "qwen2_moe": QWEN2,
    "qwen2_vl": QWEN2,
    "qwen2_vl_text": QWEN2,
    "qwen3": QWEN3,
    "qwen3_5_moe_text": QWEN3_NEXT,
    "qwen3_5_text": QWEN3_NEXT,
    "qwen3_moe": QWEN3,
    "qwen3_next": QWEN3_NEXT,
    "qwen3_vl_moe_text": QWEN3,
    "qwen3_vl_text": QWEN3,
    "seed_oss": evolve(LLAMA, qkv_bias="attention_bias", out_bias="attention_out_bias"),
    "smollm3": evolve(LLAMA, tied=True, windows="flag"),
    "solar_open": GLM4_MOE,
    "stablelm": Family(qkv_bias="use_qkv_bias", norm_terms=2),
    "starcoder2": evolve(
        PLAIN, qkv_bias="use_bias", out_bias="use_bias", mlp_bias="use_bias", tied=True,
        windows="all",
    ),
    "step3p5": STEP3,
    "step3p7": STEP3,
    "xverse": Family(),
}  # fmt: skip


class UnknownFamily(ValueError):  # noqa: N818  # it names a state of knowledge
    """A config is of a family that is not listed."""

    def __init__(self, model_type: str, name: str) -> None:
        super().__init__(f"config of {name}: model_type {model_type!r} is not one that sizer reads")


def family_of(model_type: str, name: str) -> Family:
    """Return the conventions of a family.

    Raises UnknownFamily when the family is not listed.
    """
    family = FAMILIES.get(model_type)
    if family is None:
        raise UnknownFamily(model_type, name)
    return family
