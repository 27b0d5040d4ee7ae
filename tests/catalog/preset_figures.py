"""Figures of presets: python tests/catalog/preset_figures.py FOLDER.

FOLDER has `conv.csv` and `code.csv` (Azure/AzurePublicDataset, 2023), `arxiv_summarization.csv`
(microsoft/vidur: data/processed_traces/arxiv_summarization_stats_llama2_tokenizer_filtered_v2.csv)
and the files of `data` of flashserve/RAGPulse. What is not there is passed over.
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import fmean, pstdev

COLUMNS = {
    "chat": ("conv.csv", "ContextTokens", "GeneratedTokens"),
    "code": ("code.csv", "ContextTokens", "GeneratedTokens"),
    "summarise": ("arxiv_summarization.csv", "num_prefill_tokens", "num_decode_tokens"),
}
RAG = "0_trace.jsonl"
PARTS = {  # of a prompt of RAGPulse, in their order: the file that has their lengths
    "sys_prompt": "1_sys_prompt.jsonl",
    "passages_ids": "2_passages.jsonl",
    "history": "3_history.jsonl",
    "web_search": "5_web_search.jsonl",
    "user_input": "4_user_input.jsonl",
}


def figures(lengths: list[tuple[int, int]]) -> str:
    """Return mean and spread of prompts and answers; requests without either are left out."""
    whole = [pair for pair in lengths if min(pair) > 0]
    lines = [f"requests = {len(whole)}"]
    for name, side in zip(("input", "output"), zip(*whole, strict=True), strict=True):
        lines.append(f"{name}_tokens = {round(fmean(side))}")
        lines.append(f"{name}_tokens_spread = {pstdev(side) / fmean(side):.3g}")
    return "\n".join(lines)


def of_table(path: Path, prompt: str, answer: str) -> list[tuple[int, int]]:
    with path.open(encoding="utf-8-sig") as file:
        return [(int(row[prompt]), int(row[answer])) for row in csv.DictReader(file)]


def lines_of(path: Path) -> Iterator[dict[str, object]]:
    with path.open(encoding="utf-8") as file:
        yield from (json.loads(line) for line in file if line.strip())


def hits(folder: Path) -> float:
    """Return the share of prompt tokens in parts sent before, with all that stands before them."""
    tokens: dict[object, int] = {}
    for name in PARTS.values():
        for row in lines_of(folder / name):
            number, length = row.values()
            tokens[number] = int(str(length))
    seen: set[tuple[object, ...]] = set()
    found = total = 0
    for row in lines_of(folder / RAG):
        hashes = row["hash_ids"]
        assert isinstance(hashes, dict)
        parts = [each for part in PARTS for each in hashes[part]]
        total += sum(tokens[each] for each in parts)
        starts = [tuple(parts[:end]) for end in range(1, len(parts) + 1)]
        found += sum(tokens[start[-1]] for start in starts if start in seen)
        seen.update(starts)
    return found / total


def main(folder: Path) -> None:
    for name, (file, prompt, answer) in COLUMNS.items():
        if (folder / file).exists():
            print(f"# {name}\n{figures(of_table(folder / file, prompt, answer))}\n")
    if (folder / RAG).exists():
        rows = list(lines_of(folder / RAG))
        pairs = [(int(str(row["input_length"])), int(str(row["output_length"]))) for row in rows]
        print(f"# rag\n{figures(pairs)}\nprefix_hit_share = {hits(folder):.3g}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
