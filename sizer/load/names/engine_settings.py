"""Settings and cache formats that belong to another engine than the one that is asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sizer.catalog.format_names import plain
from sizer.diagnostic import Diagnostic
from sizer.schema.asked.profile import Profile
from sizer.schema.asked.serving import READERS, Engine
from sizer.structure.toml.document import Document

VALUE = "SZ104"
PLAIN = Engine()
OWN: Mapping[str, str] = {  # keys that one engine alone has, and whose they are
    "images_per_prompt": "vllm",
    "swa_full_tokens_ratio": "sglang",
    "mamba_full_memory_ratio": "sglang",
    "max_mamba_cache_size": "sglang",
    "mamba_ssm_dtype": "sglang",
    "ctx_size": "llamacpp",
    "gpu_layers": "llamacpp",
    "mmproj": "llamacpp",
}
INSTEAD: Mapping[str, Mapping[str, str]] = {  # what another engine has in its place
    "ctx_size": {"": "`max_context` with `max_num_seqs`"},
}
NO_SHARE = "gpu_memory_utilization"
WITHOUT_SHARE: Mapping[str, str] = {
    "llamacpp": "leave it out; `ctx_size` sets its cache",
    **dict.fromkeys(READERS, "leave it out"),
}
FILE_CACHES = ("q8_0", "q5_1", "q5_0", "q4_1", "q4_0")
WIDE_CACHES = ("auto", "fp32", "float32", "fp16", "float16", "bf16", "bfloat16")


def engine_faults(profile: Profile, document: Document) -> Iterator[Diagnostic]:
    """Yield keys that do nothing under the engine (warnings), and caches that it does not have."""
    name = profile.engine.name
    for key, owner in OWN.items():
        if owner != name and getattr(profile.engine, key) != getattr(PLAIN, key):
            place = document.place(("engine", key), key=True)
            said = f"{key} is a setting of {owner}, and does nothing under {name}"
            yield Diagnostic(VALUE, said, place, _help(key, owner), "warning")
    if name in WITHOUT_SHARE and profile.engine.gpu_memory_utilization is not None:
        place = document.place(("engine", NO_SHARE), key=True)
        said = f"{NO_SHARE} does nothing under {name}, which takes what it needs"
        yield Diagnostic(VALUE, said, place, WITHOUT_SHARE[name], "warning")
    yield from _caches(profile, document)


def _help(key: str, owner: str) -> str:
    instead = INSTEAD.get(key, {}).get("")
    leave = f'leave it out, or write name = "{owner}"'
    return f"{leave}; other engines have {instead}" if instead else leave


def _caches(profile: Profile, document: Document) -> Iterator[Diagnostic]:
    ours = profile.engine.name == "llamacpp"
    in_files = {plain(name) for name in FILE_CACHES}
    wide = {plain(name) for name in WIDE_CACHES}
    for index, model in enumerate(profile.models):
        for number, name in enumerate(model.kv_format):
            key = plain(name)
            if key in wide or (key in in_files) is ours:
                continue
            place = document.place(("models", index, "kv_format", number))
            other = "llamacpp" if key in in_files else "other engines"
            said = f"{name} is a cache of {other}, not of {profile.engine.name}"
            help_ = f"write {', '.join(FILE_CACHES)} or fp16" if ours else 'write "fp8", or "auto"'
            yield Diagnostic(VALUE, said, place, help_)
