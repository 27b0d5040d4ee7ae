"""What each repository of a structure has of its own: format, parts of another one, context."""

from __future__ import annotations

import pytest

from sizer.catalog.models import find_model, knows_model


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("MiniMaxAI/MiniMax-M2", "fp8"),
        ("MiniMaxAI/MiniMax-M2.1", "fp8"),
        ("amd/gpt-oss-120b-w-mxfp4-a-fp8", "mxfp4"),
        ("mistralai/Ministral-3-3B-Instruct-2512", "fp8"),
        ("mistralai/Ministral-3-8B-Instruct-2512", "fp8"),
        ("mistralai/Ministral-3-14B-Instruct-2512", "fp8"),
        ("mistralai/Ministral-3-8B-Base-2512", "bf16"),
        ("mistralai/Ministral-3-14B-Reasoning-2512", "bf16"),
        ("moonshotai/Kimi-K2.5", "int4-g32"),
        ("moonshotai/Kimi-K2.6", "int4-g32"),
        ("moonshotai/Kimi-K2.7-Code", "int4-g32"),
        ("moonshotai/Kimi-K2-Thinking", "int4-g32"),
        ("moonshotai/Kimi-K2-Instruct-0905", "fp8"),
        ("zai-org/GLM-4.7-FP8", "fp8"),
        ("MiniMaxAI/MiniMax-M3-MXFP8", "mxfp8"),
        # tags of Ollama's library, in the format of its default file
        ("llama3.1:8b", "q4_k_m"),
        ("llama3.1:8b-instruct-q8_0", "q8_0"),
        ("llama3.3:70b", "q4_k_m"),
        ("gpt-oss:20b", "mxfp4"),
        ("gpt-oss:120b", "mxfp4"),
    ],
)
def test_a_repository_is_in_the_format_that_it_is_stored_in(name: str, form: str) -> None:
    assert find_model(name).value.weights == form


@pytest.mark.parametrize(
    ("name", "context"),
    [
        *((f"Qwen/Qwen2.5-{size}B", 131_072) for size in ("1.5", "14", "32", "72")),
        *((f"Qwen/Qwen2.5-{size}B-Instruct", 32_768) for size in ("1.5", "7", "14", "32", "72")),
        ("Qwen/Qwen2.5-72B-Instruct-AWQ", 32_768),
        ("Qwen/Qwen2.5-14B-Instruct-GPTQ-Int8", 32_768),
        ("Qwen/Qwen2-72B", 131_072),
        ("Qwen/Qwen2-72B-Instruct", 32_768),
        ("Qwen/Qwen2-57B-A14B", 131_072),
        ("Qwen/Qwen2-57B-A14B-Instruct", 32_768),
        ("Qwen/QwQ-32B", 40_960),
        ("Qwen/QwQ-32B-AWQ", 40_960),
        ("Qwen/QwQ-32B-Preview", 32_768),
        ("Qwen/QwQ-32B-Preview-AWQ", 32_768),
        ("meta-llama/Llama-2-70b-hf", 4096),
        ("TheBloke/Llama-2-70B-Chat-hf-AWQ", 4096),
        ("THUDM/glm-4-9b-chat", 131_072),
        ("zai-org/GLM-4-9B-0414", 32_768),
        ("HuggingFaceTB/SmolLM3-3B", 65_536),
        ("zai-org/GLM-4.7", 202_752),
        ("zai-org/GLM-4.5V", 65_536),
        ("zai-org/GLM-4.6V-FP8", 131_072),
        ("moonshotai/Kimi-K2-Thinking", 262_144),
        ("moonshotai/Kimi-K2-Instruct-0905-FP8", 262_144),
        ("stepfun-ai/Step-3.5-Flash-FP8", 262_144),
    ],
)
def test_a_repository_reads_as_many_tokens_as_its_own_file_says(name: str, context: int) -> None:
    assert find_model(name).value.max_context == context


@pytest.mark.parametrize("name", ["Qwen/Qwen2-57B-A14B", "Qwen/Qwen2-72B"])
def test_a_structure_is_found_under_its_own_name(name: str) -> None:
    assert knows_model(name) == name.rpartition("/")[2].lower()


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        # exclude_modules of nvidia's own hf_quant_config.json: all but the output of attention
        ("nvidia/DeepSeek-V3.1-NVFP4", {"attention": ("bf16", 0.372326), "draft": ("bf16", 1.0)}),
        (
            "nvidia/NVIDIA-Nemotron-3-Nano-30B-A3B-NVFP4",  # 6 of 23 mixers
            {
                "attention": ("bf16", 1.0),
                "mixer": ("bf16", 0.26087),
                "mixer_out": ("bf16", 0.26087),
            },
        ),
        (
            "nvidia/MiniMax-M3-NVFP4",
            {
                "attention": ("mxfp8", 1.0),
                "mlp": ("mxfp8", 1.0),
                "shared": ("mxfp8", 1.0),
            },
        ),
        ("nvidia/GLM-5-NVFP4", {"attention": ("bf16", 1.0), "draft": ("bf16", 1.0)}),
    ],
)
def test_parts_are_stored_as_the_quantiser_says(
    name: str, parts: dict[str, tuple[str, float]]
) -> None:
    model = find_model(name).value
    assert {each.part: (each.form, each.share) for each in model.exceptions("nvfp4")} == parts


@pytest.mark.parametrize(
    ("name", "billions"),
    [
        # files of 247.2 GB in bf16 (kaito-project/kaito@056b8280), less 120.67 billion
        ("nvidia/NVIDIA-Nemotron-3-Super-120B-A12B-BF16", 2.94),
        ("nvidia/NVIDIA-Nemotron-3-Ultra-550B-A55B-BF16", 11.2),
        ("nvidia/NVIDIA-Nemotron-3.5-Lightning-30B-A3B-NVFP4", 1.34),
    ],
)
def test_modules_for_speculation_have_all_their_layers(name: str, billions: float) -> None:
    assert find_model(name).value.draft_parameters == pytest.approx(billions * 1e9, rel=0.01)


@pytest.mark.parametrize(
    ("name", "gigabytes"),
    [
        # modelFileSize of kaito-project/kaito@056b8280
        ("nvidia/NVIDIA-Nemotron-Nano-9B-v2", 17.781),
        ("nvidia/NVIDIA-Nemotron-3-Nano-4B-BF16", 7.946),
        ("nvidia/Nemotron-Cascade-2-30B-A3B", 63.157),
    ],
)
def test_a_structure_has_the_size_of_its_files(name: str, gigabytes: float) -> None:
    model = find_model(name).value
    assert 2 * model.parameters == pytest.approx(gigabytes * 1e9, rel=0.001)


@pytest.mark.parametrize(
    ("name", "billions"),
    [
        ("MiniMaxAI/MiniMax-M3", 0.866),
        ("moonshotai/Kimi-K2.5", 0.471),
        ("mistralai/Mistral-Large-3-675B-Instruct-2512", 2.5),
        ("mistralai/Mistral-Small-4-119B-2603", 0.4285),
    ],
)
def test_a_vision_tower_is_counted(name: str, billions: float) -> None:
    model = find_model(name).value
    assert model.encoder_parameters == pytest.approx(billions * 1e9, rel=0.001)
    assert model.other_parameters >= model.encoder_parameters
