"""What a model is made for, as its config.json says: to write text, or to read it alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sizer.schema.facts.model import Task

# Families that read a text both ways at once; whatever stands on top, none writes one.
ENCODERS = frozenset(
    [
        "albert",
        "bert",
        "camembert",
        "deberta",
        "deberta-v2",
        "distilbert",
        "electra",
        "ernie",
        "eurobert",
        "modernbert",
        "mpnet",
        "new",  # of Alibaba-NLP's gte-*-v1.5
        "nomic_bert",
        "roberta",
        "xlm-roberta",
        "xlm-roberta-xl",
    ]
)
_WRITERS = ("AutoModelForCausalLM", "AutoModelForSeq2SeqLM")


def stated_task(config: Mapping[str, Any]) -> Task:
    """Return what a config.json says a model is made for; `generate` where it says nothing.

    A class without a head gives vectors, as `MistralModel` does; transformers names its heads
    `ForCausalLM`, `ForSequenceClassification` and the like. Code of a model's own that maps a
    language model writes text, whatever its class is called.
    """
    if config.get("model_type") in ENCODERS:
        return "embed"
    mapped = config.get("auto_map")
    if isinstance(mapped, Mapping) and any(each in mapped for each in _WRITERS):
        return "generate"
    stated = config.get("architectures")
    named = [each for each in stated if isinstance(each, str)] if isinstance(stated, list) else []
    tasks = {_task_of(each) for each in named}
    return tasks.pop() if len(tasks) == 1 else "generate"


def _task_of(architecture: str) -> Task:
    if architecture.endswith(("Classification", "RewardModel")):
        return "classify"
    headless = architecture.endswith("Model") and "LMHead" not in architecture
    return "embed" if headless or architecture.endswith("ForMaskedLM") else "generate"
