"""What a vLLM log says of the engine that was started: its version, model, splits and limits."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

BANNER = re.compile(r"Initializing an? (?:V\d )?LLM engine\b(?: \((?:v)?(?P<version>[^)\s]+)\))?")
SERVER = re.compile(r"vLLM API server version (?P<version>\d[\w.+]*)")
CONFIG = "with config: "
TOLD = (  # one of these stands in every line that tells a setting
    "LLM engine",
    "vLLM API server version",
    "args: ",
    "max_num_batched_tokens",
    "max_num_seqs to ",
    "kv_cache_memory_bytes",
    "device_name=",
    " (UUID",
    "  NVIDIA ",
)
ARGUMENTS = re.compile(r"non-default args: \{|\bargs: Namespace\(")
LIMIT = re.compile(
    r"(?:(?:Setting|Defaulting) (?P<set>max_num_batched_tokens|max_num_seqs) to "
    r"|Chunked prefill is enabled with (?P<chunked>max_num_batched_tokens)=)(?P<limit>\d+)"
)
BY_HAND = re.compile(r"memory for KV Cache as specified by (kv_cache_memory_bytes)")
DEVICE = re.compile(
    r"device_name=(?P<kernel>\w[\w+.-]*?)(?:\.json|[,;'\"\])\s]|$)"  # a kernel's missing file
    r"|\bGPU \d+: (?P<listed>[^(]+?) \(UUID"  # nvidia-smi -L
    r"|\|\s+\d+\s+(?P<table>NVIDIA [\w .-]+?)\s{2,}"  # nvidia-smi
)

_OF_CONFIG: Mapping[str, str] = {
    "model": "model",
    "dtype": "dtype",
    "max_seq_len": "max_context",
    "tensor_parallel_size": "tp",
    "pipeline_parallel_size": "pp",
    "data_parallel_size": "dp",
    "quantization": "quantization",
    "kv_cache_dtype": "kv_cache_dtype",
}
_OF_ARGUMENTS: Mapping[str, str] = {
    "model": "model",
    "max_model_len": "max_context",
    "tensor_parallel_size": "tp",
    "pipeline_parallel_size": "pp",
    "data_parallel_size": "dp",
    "max_num_batched_tokens": "max_num_batched_tokens",
    "max_num_seqs": "max_num_seqs",
    "gpu_memory_utilization": "utilization",
    "block_size": "block_size",
    "enable_expert_parallel": "expert_parallel",
    "kv_cache_memory_bytes": "by_hand",
    "num_gpu_blocks_override": "by_hand",
}
COUNTS = frozenset(
    ("tp", "pp", "dp", "max_context", "max_num_batched_tokens", "max_num_seqs", "block_size")
)
SHARE = "utilization"
LEFT_TO_VLLM = ("max_context", "-1")  # `auto`: the longest that its memory holds
MOST_DIGITS = 9
MOST_DIGITS_OF_BYTES = 15
WHOLE = frozenset({"blocks", "tokens", "request_tokens"})
_SHARE = re.compile(r"\d*\.?\d+")
_VALUE = r"(?:'(?P<quoted>[^']*)'|(?P<plain>[^,()\[\]{}'\s]+))"


def begins(line: str) -> bool:
    """Return whether a server or an engine names itself, as it does once at its start."""
    return any(each.search(line) for each in (BANNER, SERVER, ARGUMENTS))


def settings(line: str) -> Iterator[tuple[str, str, int]]:
    """Yield each setting that a line tells: its name, its text, and where that text begins."""
    if banner := BANNER.search(line):
        if banner["version"]:
            yield "version", banner["version"], banner.start("version")
        start = line.find(CONFIG, banner.end())
        yield from _keys(line, max(start, banner.end()), _OF_CONFIG)
    if server := SERVER.search(line):
        yield "version", server["version"], server.start("version")
    if arguments := ARGUMENTS.search(line):
        yield from _keys(line, arguments.end(), _OF_ARGUMENTS)
    if limit := LIMIT.search(line):
        yield limit["set"] or limit["chunked"], limit["limit"], limit.start("limit")
    if by_hand := BY_HAND.search(line):
        yield "by_hand", by_hand[1], by_hand.start(1)
    if device := DEVICE.search(line):
        group = device.lastgroup or ""
        yield "device", device[group].replace("_", " "), device.start(group)


def expected(name: str, text: str) -> str | None:
    """Return what a setting must be, where its text is not that."""
    if name in COUNTS:
        is_count = text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS and int(text) > 0
        return None if is_count else "a whole number of at least 1"
    if name == SHARE:
        return None if _SHARE.fullmatch(text) and 0 < float(text) <= 1 else "a number from 0 to 1"
    return None


def expected_figure(name: str, text: str) -> str | None:
    """Return what a figure must be, where its text is not that."""
    whole, point, _ = text.replace(",", "").partition(".")
    if name in WHOLE and point:
        return "a whole number"
    most = MOST_DIGITS if name in WHOLE else MOST_DIGITS_OF_BYTES
    few = len(whole.lstrip("-")) <= most
    return None if few else f"a number of at most {most} digits"


def _keys(line: str, start: int, known: Mapping[str, str]) -> Iterator[tuple[str, str, int]]:
    """Yield the settings behind `key=` or `'key': `; what vLLM decides is not set."""
    for key, name in known.items():
        found = re.compile(rf"(?<!\w)'?{key}'?(?:=|: ){_VALUE}").search(line, start)
        group = "" if found is None else (found.lastgroup or "")
        if found and found[group] != "None" and (name, found[group]) != LEFT_TO_VLLM:
            yield name, found[group], found.start(group)
