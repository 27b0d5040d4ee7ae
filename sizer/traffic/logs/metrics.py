"""What a server counted: the /metrics of vLLM or SGLang, in Prometheus' text format.

Prompts and answers are two histograms there, so they are taken as independent of one another; when
requests came is not known. vLLM: `vllm:request_prompt_tokens`, `vllm:request_generation_tokens`
(vllm-project/vllm@005a810b:vllm/v1/metrics/loggers.py; so since 0.5), `vllm:prefix_cache_queries`
and `_hits` (`vllm:gpu_prefix_cache_...` before 0.9). SGLang, with `--collect-tokens-histogram`:
`sglang:prompt_tokens_histogram`, `sglang:generation_tokens_histogram` and, in later releases,
`sglang:uncached_prompt_tokens_histogram`.
"""

from __future__ import annotations

import gzip
import re
import zlib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import pairwise
from math import inf, sqrt
from pathlib import Path

from attrs import frozen

from sizer.diagnostic import Place, problem
from sizer.schema.asked.traffic import LengthShare, LengthSummary, Prefixes, Traffic
from sizer.structure.files.text_file import decoded, read_bytes
from sizer.traffic.logs.database import UNREADABLE
from sizer.traffic.logs.formats import PACKED, first_line

LARGEST_BYTES = 2**26
SAMPLE = re.compile(r"([A-Za-z_:][\w:]*)(?:\{(.*)\})?\s+(\S+)(?:\s+\d+)?\s*")
EDGE = re.compile(r'le="([^"]+)"')
PROMPTS = ("vllm:request_prompt_tokens", "sglang:prompt_tokens_histogram")
ANSWERS = ("vllm:request_generation_tokens", "sglang:generation_tokens_histogram")
ASKED = ("vllm:prefix_cache_queries", "vllm:gpu_prefix_cache_queries")
FOUND = ("vllm:prefix_cache_hits", "vllm:gpu_prefix_cache_hits")
READ = "sglang:uncached_prompt_tokens_histogram_sum"
ONE_SERVER = "give the /metrics of one server"
NO_HISTOGRAM = "vLLM has one of itself, SGLang with --collect-tokens-histogram"


@frozen
class Histogram:
    """Requests by length: up to each edge, in all, and the tokens of all together."""

    up_to: Mapping[float, float]
    count: float
    tokens: float

    def buckets(self) -> Iterator[tuple[float, float]]:
        """Yield a length and its share: middles of buckets, scaled to the mean that was summed."""
        middles = list(self._middles())
        mean = sum(middle * share for middle, share in middles)
        for middle, share in middles:
            yield max(1.0, middle * self.tokens / self.count / mean), share

    def _middles(self) -> Iterator[tuple[float, float]]:
        """Yield the geometric middle of each bucket; the last has no end, and lies at its start."""
        edges = [(0.0, 0.0), *sorted(self.up_to.items())]
        for (low, before), (high, after) in pairwise(edges):
            if after > before:
                middle = low if high == inf else sqrt(max(low, 1.0) * high)
                yield max(middle, 1.0), (after - before) / self.count


def is_metrics(path: Path) -> bool:
    """Return whether a file is a text of metrics, by its first line."""
    line, _ = first_line(path)
    return line.startswith(("# HELP ", "# TYPE ", "vllm:", "sglang:"))


def metrics_summary(path: Path) -> Traffic:
    """Return the lengths that a server counted, and the share of prompts that its cache held.

    Raises Problem: SZ001 to SZ004 for the file, SZ805 where it has no histograms of tokens.
    """
    samples = _samples(decoded(_content(path), str(path)))
    prompts, answers = _histogram(samples, PROMPTS), _histogram(samples, ANSWERS)
    if prompts is None or answers is None:
        said = "these metrics have no histogram of prompt and answer tokens"
        raise problem(UNREADABLE, said, Place(str(path)), NO_HISTOGRAM)
    return Traffic(
        traffic=1,
        source=path.name,
        requests=round(prompts.count),
        windows=(),
        lengths=_lengths(list(prompts.buckets()), list(answers.buckets())),
        prefixes=_prefixes(samples, prompts.tokens),
    )


def _content(path: Path) -> bytes:
    content = read_bytes(path, LARGEST_BYTES, ONE_SERVER)
    if not content.startswith(PACKED):
        return content
    try:
        return gzip.decompress(content)
    except (OSError, EOFError, zlib.error) as error:
        said = f"the log cannot be read: {str(error).lower()}"
        raise problem(UNREADABLE, said, Place(str(path))) from None


def _samples(text: str) -> Mapping[str, list[tuple[str, float]]]:
    """Return labels and value of every sample, by its name."""
    found: defaultdict[str, list[tuple[str, float]]] = defaultdict(list)
    for line in text.splitlines():
        sample = None if line.startswith("#") else SAMPLE.fullmatch(line)
        if sample:
            found[sample[1]].append((sample[2] or "", float(sample[3])))
    return found


def _histogram(
    samples: Mapping[str, list[tuple[str, float]]], names: tuple[str, ...]
) -> Histogram | None:
    """Return the histogram of the first name that has requests, of all engines together."""
    for name in names:
        up_to: defaultdict[float, float] = defaultdict(float)
        for labels, value in samples.get(f"{name}_bucket", ()):
            edge = EDGE.search(labels)
            if edge:
                up_to[float(edge[1])] += value
        count = _sum(samples, f"{name}_count")
        if up_to and count:
            return Histogram(up_to, count, _sum(samples, f"{name}_sum"))
    return None


def _lengths(
    prompts: list[tuple[float, float]], answers: list[tuple[float, float]]
) -> LengthSummary:
    joint = tuple(
        LengthShare(_short(prompt), _short(answer), _short(share * of_answers))
        for prompt, share in prompts
        for answer, of_answers in answers
    )
    return LengthSummary(
        longest_tokens=round(max(each for each, _ in prompts) + max(each for each, _ in answers)),
        input_power_means=_power_means(prompts, 6),
        output_power_means=_power_means(answers, 2),
        mean_product=_short(_mean(prompts, 1) * _mean(answers, 1)),
        joint=joint,
    )


def _power_means(lengths: list[tuple[float, float]], most: int) -> tuple[float, ...]:
    return tuple(float(f"{_mean(lengths, k) ** (1.0 / k):.9g}") for k in range(1, most + 1))


def _mean(lengths: list[tuple[float, float]], power: int) -> float:
    return sum(share * tokens**power for tokens, share in lengths)


def _prefixes(samples: Mapping[str, list[tuple[str, float]]], tokens: float) -> Prefixes | None:
    """Return the share of prompt tokens that the server itself found in its cache."""
    for asked, found in zip(ASKED, FOUND, strict=True):
        queries = _counter(samples, asked)
        if queries:
            return Prefixes(_short(_counter(samples, found) / queries))
    if READ in samples and tokens:
        return Prefixes(_short(max(0.0, 1.0 - _sum(samples, READ) / tokens)))
    return None


def _counter(samples: Mapping[str, list[tuple[str, float]]], name: str) -> float:
    return _sum(samples, f"{name}_total") or _sum(samples, name)


def _sum(samples: Mapping[str, list[tuple[str, float]]], name: str) -> float:
    return sum(value for _, value in samples.get(name, ()))


def _short(value: float) -> float:
    return float(f"{value:.6g}")
