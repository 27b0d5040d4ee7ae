"""Names of a vLLM log in the catalog's words: models and formats."""

from __future__ import annotations

import re
from collections.abc import Mapping

from sizer.catalog.models import find_model, knows_model
from sizer.diagnostic import Diagnostic
from sizer.imports.vllm_log.log import Said
from sizer.imports.vllm_log.memory import LESS

Told = Mapping[str, Said]
_CACHED = re.compile(r"models--([^/]+)--([^/]+)")  # the Hugging Face cache's folders
DTYPES: Mapping[str, str] = {
    "torch.bfloat16": "bf16",
    "bfloat16": "bf16",
    "torch.float16": "fp16",
    "float16": "fp16",
    "half": "fp16",
    "torch.float32": "fp32",
    "float32": "fp32",
}
# formats that one word of `quantization=` means for a checkpoint that is itself not quantised
QUANTISED: Mapping[str, str] = {
    "fp8": "fp8",
    "bitsandbytes": "bnb-nf4",
    "awq": "awq",
    "awq_marlin": "awq",
    "gptq": "gptq",
    "gptq_marlin": "gptq",
    "mxfp4": "mxfp4",
    "modelopt_fp4": "nvfp4",
}


def model_of(said: Said) -> tuple[str, Diagnostic | None]:
    """Return the model's name, read from the end of a path where the catalog knows that."""
    name = said.text
    cached = _CACHED.search(name)
    ends = [f"{cached[1]}/{cached[2]}"] if cached else []
    parts = [part for part in name.split("/") if part]
    ends += ["/".join(parts[-2:]), parts[-1]] if len(parts) > 1 else []
    if knows_model(name):
        return name, None
    for end in ends:
        if knows_model(end):
            return end, Diagnostic(LESS, f"{name} read as {end}", said.place, None, "info")
    message = f"the catalog knows no model {name!r}"
    help_ = "`--model` says which it is: a name of `sizer models`, or a path to its config.json"
    return name, Diagnostic(LESS, message, said.place, help_, "warning")


def weight_format(model: str, told: Told) -> tuple[str, Diagnostic | None]:
    """Return the weight format; blank is the checkpoint's own."""
    method, dtype = told.get("quantization"), told.get("dtype")
    if method is None:
        return ("" if dtype is None else DTYPES.get(dtype.text, "")), None
    own = find_model(model).value.weights if knows_model(model) else None
    if own is not None and own not in DTYPES.values():
        return "", None
    if method.text in QUANTISED:
        return QUANTISED[method.text], None
    message = f"quantization={method.text} does not say how wide the weights are"
    help_ = "write it into the column `weights`; blank is the checkpoint's own"
    return "", Diagnostic(LESS, message, method.place, help_, "warning")


def cache_format(told: Told) -> str:
    """Return the format of the cache; blank is 16 bit, which `auto` means."""
    said = told.get("kv_cache_dtype")
    name = "auto" if said is None else said.text.removeprefix("torch.")
    if name == "auto":
        return ""
    return "fp8" if name.startswith("fp8") else name
