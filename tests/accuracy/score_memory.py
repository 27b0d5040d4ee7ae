"""Score the memory terms on what engines logged at start-up.

Run with `python tests/accuracy/score_memory.py MEMORY.csv ... [--worst N] [--beside]`, tables with
one start-up a row: engine, engine_version, model_hf_id, gpu, gpu_mem_gib, tp, pp, weight_dtype,
kv_dtype, max_model_len, gpu_memory_utilization, notes (`key=value` parts), and where logged
weights_gib_per_gpu, kv_cache_gib_per_gpu, kv_cache_tokens, max_concurrency_x,
total_checkpoint_bytes. Rows of quality A and B, and K for checkpoints. Start-ups and refusals are
held against `fits`, figures against the 90 % intervals; `--beside` adds what config_explorer says.
"""

from __future__ import annotations

import csv
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import numpy as np
from attrs import frozen

from sizer.catalog.formats import find_kv_format, find_weight_format
from sizer.catalog.gpus import find_gpu
from sizer.catalog.lookup import Unknown
from sizer.catalog.models import find_model, knows_model
from sizer.estimate.device.checkpoint import checkpoint_bytes
from sizer.load.points import Row
from sizer.pipeline.points import estimate_points
from sizer.schema.answered.estimates import Estimate
from sizer.schema.asked.point import Point
from sizer.schema.facts.model import Model
from sizer.schema.scenario import Deployment
from sizer.units import GIB

DTYPES = {"bfloat16": "bf16", "float16": "fp16", "float32": "fp32", "int4": "gptq"}
EngineName = Literal["vllm", "sglang", "trtllm"]
ENGINES: dict[str, EngineName] = {
    "vllm": "vllm",
    "aphrodite": "vllm",
    "sglang": "sglang",
    "trtllm": "trtllm",
}
IN_WORDS = {  # models and accelerators that a report gives in words
    "a Llama-70B with LoRA (name not visible)": "meta-llama/Llama-3.1-70B",
    "gemma-4-31b-it-nvfp4 (maker not named)": "RedHatAI/gemma-4-31B-it-NVFP4",
    "MiniMaxAI/MiniMax-M2 series (FP8)": "MiniMaxAI/MiniMax-M2",
    "NVIDIA A100/H100-80GB": "A100-PCIe-80GB",  # 0.28 GiB outside: no links join the four
    "RTX PRO 6000 Blackwell 96GB class (93.88 GiB free)": "RTX-PRO-6000-Blackwell-Server",
}
DRIVERS_COUNT = (
    "nvidia-smi"  # the driver's total, which is 0.5 to 1 GiB more than an engine is told
)
BOUNDED = ("weights_gib", "kv_pool_gib", "max_concurrency", "kv_capacity_tokens")
REPORTED_BY_GROUP = (0, 21)  # before it vLLM divided the tokens of a hybrid by its cache groups
Cells = dict[str, str]


@frozen
class Error:
    """One figure of one row: `off` is estimated / measured, less 1."""

    metric: str
    row: str
    group: str
    measured: float
    estimated: float

    @property
    def off(self) -> float:
        """Share of the measurement by which the estimate is off."""
        return self.estimated / self.measured - 1.0


def noted(row: Cells, key: str) -> str | None:
    """Return a `key=value` part of the notes, None when it is absent."""
    found = re.search(rf"\b{key}=([^;]+)", row["notes"])
    return found[1].strip() if found else None


def limit(row: Cells, key: str) -> int | None:
    """Return a whole number of the notes, None when it is absent or in words."""
    found = re.match(r"\d+", noted(row, key) or "")
    return int(found[0]) if found else None


def named(row: Cells, column: str) -> str:
    """Return a model or an accelerator, by its name where a report has words or a remark."""
    text = row[column]
    return IN_WORDS.get(text) or re.sub(r" \([^)]*\)$", "", text)


def engine(row: Cells) -> EngineName | None:
    """Return the engine of a row, None when sizer has none of its kind."""
    return next((ENGINES[name] for name in ENGINES if row["engine"].startswith(name)), None)


def settings(row: Cells) -> dict[str, Any]:
    """Return the settings of the engine that the notes of a row name, as columns of a point."""
    notes = row["notes"]
    number = {
        "speculative_tokens": re.search(r"\bMTP (?:k=)?(\d+)", notes),
        "decode_context_parallel_size": re.search(r"\bDCP(\d+)", notes),
    }
    found: dict[str, Any] = {name: int(each[1]) for name, each in number.items() if each}
    if re.search(r"\bMTP (?:on|k=|\d)", notes):
        found["speculative_method"] = "mtp"
    if re.search(r"\beager(?:=1| only| \+|,)", notes):
        found["enforce_eager"] = True
    if re.search(r"\blanguage[_-]model[_-]only\b", notes):
        found["language_model_only"] = True
    if pool := re.search(r"\bkv_cache_memory_bytes=(\d+) GiB", notes):
        found["kv_cache_memory_bytes"] = int(pool[1]) * 2**30
    return found


def weights(row: Cells, model: Model) -> str:
    """Return the format that was loaded: the checkpoint's own unless it is a wide one."""
    said = DTYPES.get(row["weight_dtype"], row["weight_dtype"])
    if not said or model.weights not in {"bf16", "fp16", "fp32"}:
        return model.weights
    return said


def point(row: Cells) -> Point:
    """Return the start-up as a point of one request.

    Raises Unknown for a model or an accelerator that the catalog lacks.
    """
    model = find_model(named(row, "model_hf_id")).value
    find_gpu(named(row, "gpu"))
    narrow = row["kv_dtype"].startswith("fp8")
    seqs, tokens = limit(row, "seqs"), limit(row, "mnbt")
    context = int(float(row["max_model_len"])) if row["max_model_len"] else model.max_context
    total = 0.0 if DRIVERS_COUNT in row["notes"] else float(row["gpu_mem_gib"] or 0)
    return Point(
        model=named(row, "model_hf_id"),
        gpu=named(row, "gpu"),
        tp=int(float(row["tp"] or 1)),
        pp=int(float(row["pp"] or 1)),
        weights=weights(row, model),
        kv_format="fp8" if narrow else None,
        engine=engine(row),
        engine_version=row["engine_version"],
        input_tokens=1,
        output_tokens=1,
        max_context=context,
        max_num_batched_tokens=tokens,
        max_num_seqs=seqs,
        gpu_memory_utilization=float(row["gpu_memory_utilization"] or 0) or None,
        gpu_memory_gib=total or None,
        **settings(row),
    )


def measured(row: Cells, model: Model) -> dict[str, float]:
    """Return what a row measured, by metric."""
    found = {
        "weights_gib": row["weights_gib_per_gpu"],
        "kv_pool_gib": row["kv_cache_gib_per_gpu"],
        "max_concurrency": row["max_concurrency_x"],
        "kv_capacity_tokens": row["kv_cache_tokens"],
    }
    values = {name: float(text) for name, text in found.items() if text}
    if noted(row, "kv_cache_memory_bytes"):
        values.pop("kv_pool_gib", None)  # it was asked for
    if needed := re.search(r"needs ([\d.]+) GiB", row["notes"]):
        values["request_gib"] = float(needed[1])
    one_kind = len({(g.attention.kind, g.attention.window) for g in model.layers}) == 1
    if not one_kind and version(row) < REPORTED_BY_GROUP:
        values.pop("kv_capacity_tokens", None)
    if one_kind and {"kv_pool_gib", "kv_capacity_tokens"} <= set(values):
        devices = float(row["tp"] or 1) * float(row["pp"] or 1)
        pool = values["kv_pool_gib"] * GIB * devices
        values["kv_bytes_per_token"] = pool / values["kv_capacity_tokens"]
    return values


def version(row: Cells) -> tuple[int, int]:
    """Return major and minor of the engine's version; unknown ones are recent."""
    found = re.match(r"(\d+)\.(\d+)", row["engine_version"])
    return (int(found[1]), int(found[2])) if found else (1, 0)


def errors(pairs: list[tuple[Cells, Estimate]]) -> Iterator[Error]:
    """Yield the errors of every figure of estimated rows."""
    for row, estimate in pairs:
        yield from row_errors(row, estimate)


def estimated(rows: list[Cells]) -> Iterator[tuple[Cells, Estimate]]:
    """Yield rows that the catalog knows, each with its estimate."""
    known = [(row, point(row)) for row in rows if places(row)]
    said = estimate_points([Row(each) for _, each in known])
    for (row, _), estimate in zip(known, said, strict=True):
        if estimate.problem is None:
            yield row, estimate
        else:
            print(f"left out: {row['id']}: {estimate.problem}")


def places(row: Cells) -> bool:
    """Return whether the row is a start-up of a model and an accelerator that are known."""
    if row["engine"] == "checkpoint-only":
        return False
    if engine(row) is None:
        print(f"left out: {row['id']}: no engine like {row['engine']!r}")
        return False
    if not knows_model(named(row, "model_hf_id")):
        print(f"left out: {row['id']}: unknown model {row['model_hf_id']!r}")
        return False
    try:
        point(row)
    except Unknown as fault:
        print(f"left out: {row['id']}: {fault}")
        return False
    return True


def row_errors(row: Cells, estimate: Estimate) -> Iterator[Error]:
    """Yield the errors of one row."""
    model = find_model(named(row, "model_hf_id")).value
    for metric, value in measured(row, model).items():
        figure = figures(estimate).get(metric)
        if figure is not None and value > 0:
            yield Error(metric, row["id"], grouped(row), value, figure)


def grouped(row: Cells) -> str:
    """Return the group of models that a row counts with."""
    return noted(row, "group") or row["model_hf_id"]


def figures(estimate: Estimate) -> dict[str, float]:
    """Return the numbers of an estimate, and what one request takes."""
    found = {name: value for name, value in estimate.metrics.items() if isinstance(value, float)}
    if found.get("max_concurrency"):
        found["request_gib"] = found["kv_pool_gib"] / found["max_concurrency"]
    return found


def starts(pairs: list[tuple[Cells, Estimate]]) -> Iterator[str]:
    """Yield how many start-ups are said to fit, and how many refusals are not."""
    refused = [each for each in pairs if re.search("refuse", each[0]["notes"], re.IGNORECASE)]
    started = [each for each in pairs if each not in refused]
    for rows, kind, wanted in ((started, "start-ups", True), (refused, "refusals", False)):
        wrong = [row["id"] for row, said in rows if bool(said.metrics["fits"]) is not wanted]
        word = "said to fit" if wanted else "said not to fit"
        yield f"{len(rows) - len(wrong)} of {len(rows)} {kind} are {word}; not: {wrong}"


def coverage(pairs: list[tuple[Cells, Estimate]]) -> Iterator[str]:
    """Yield how many figures lie in their 90 % intervals: by engine, maker and kind of model."""
    yield "| of | which | figures | inside |"
    yield "|---|---|---|---|"
    inside: defaultdict[tuple[str, str], list[bool]] = defaultdict(list)
    for row, estimate in pairs:
        model = find_model(named(row, "model_hf_id")).value
        kinds = {
            "engine": str(engine(row)),
            "maker": find_gpu(named(row, "gpu")).value.vendor,
            "kind of model": f"{model.attention}{', experts' if model.is_moe else ''}",
        }
        said = figures(estimate)
        for metric, value in measured(row, model).items():
            ends = said.get(f"{metric}_low"), said.get(f"{metric}_high")
            if metric not in BOUNDED or None in ends:
                continue
            held = ends[0] <= value <= ends[1]  # type: ignore[operator]
            for kind in (*kinds.items(), ("metric", metric)):
                inside[kind].append(held)
    for (of, which), figures_held in sorted(inside.items()):
        yield f"| {of} | {which} | {len(figures_held)} | {np.mean(figures_held):.0%} |"


def beside(pairs: list[tuple[Cells, Estimate]]) -> Iterator[Error]:
    """Yield the errors of config_explorer on the same rows, where it has an answer."""
    from explorer_answers import answered  # noqa: PLC0415  # imports for a second

    for row, _ in pairs:
        said = answered(point(row))
        for metric, value in measured(row, find_model(named(row, "model_hf_id")).value).items():
            if metric in said and value > 0:
                yield Error(metric, row["id"], grouped(row), value, said[metric])


def checkpoints(rows: list[Cells]) -> Iterator[Error]:
    """Yield the errors of checkpoint sizes, one a model."""
    sizes = {row["model_hf_id"]: row for row in rows if row["total_checkpoint_bytes"]}
    for name, row in sizes.items():
        if not knows_model(named(row, "model_hf_id")):
            continue
        model = find_model(named(row, "model_hf_id")).value
        whole = Deployment(model, find_weight_format(weights(row, model)), find_kv_format("bf16"))
        size = float(row["total_checkpoint_bytes"])
        group = noted(row, "group") or name
        yield Error("checkpoint_bytes", row["id"], group, size, checkpoint_bytes(whole))


def table(found: list[Error]) -> Iterator[str]:
    """Yield the errors by metric, over rows and over model groups (median of each)."""
    yield "| metric | rows | median | p90 | bias | groups | median | p90 |"
    yield "|---|---|---|---|---|---|---|---|"
    for metric in dict.fromkeys(each.metric for each in found):
        mine = [each for each in found if each.metric == metric]
        groups = defaultdict(list)
        for each in mine:
            groups[each.group].append(abs(each.off))
        off = np.array([each.off for each in mine])
        by_group = np.array([np.median(values) for values in groups.values()])
        yield (
            f"| {metric} | {len(off)} | {np.median(abs(off)):.2%} "
            f"| {np.quantile(abs(off), 0.9):.2%} | {np.median(off):+.2%} "
            f"| {len(groups)} | {np.median(by_group):.2%} "
            f"| {np.quantile(by_group, 0.9):.2%} |"
        )


def worst(found: list[Error], count: int) -> Iterator[str]:
    """Yield the rows of each metric that are farthest off."""
    for metric in dict.fromkeys(each.metric for each in found):
        mine = sorted((e for e in found if e.metric == metric), key=lambda e: -abs(e.off))
        yield f"\n{metric}:"
        for each in mine[:count]:
            yield (
                f"  {each.row:6} {each.group:22} measured {each.measured:14,.2f}"
                f"  estimated {each.estimated:14,.2f}  {each.off:+8.2%}"
            )


def main() -> None:
    """Print the tables."""
    rows = [row for name in sys.argv[1:] if name.endswith(".csv") for row in read(Path(name))]
    count = int(sys.argv[sys.argv.index("--worst") + 1]) if "--worst" in sys.argv else 8
    clean = list(estimated([row for row in rows if noted(row, "quality") in {"A", "B"}]))
    rough = list(estimated([row for row in rows if noted(row, "quality") == "C"]))
    found = [*errors(clean), *checkpoints(rows)]
    print("\n".join(["\nQuality A and B, checkpoints of all:", *table(found)]))
    print("\n".join(["\nQuality C:", *table(list(errors(rough)))]))
    print("\n".join(["\nStart-ups:", *starts([*clean, *rough])]))
    print("\n".join(["\nIntervals:", *coverage([*clean, *rough])]))
    if "--beside" in sys.argv:
        print("\n".join(["\nThe same by config_explorer:", *table(list(beside(clean)))]))
    print("\n".join(worst(found, count)))


def read(path: Path) -> list[Cells]:
    """Return the rows of a table."""
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


if __name__ == "__main__":
    main()
