"""The bounds on what strangers may give, from the constants that hold them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from importlib import import_module

MIB = 2**20


def _count(value: float) -> str:
    return f"{value:,.0f}"


def _mib(value: float) -> str:
    return f"{value / MIB:,.0f} MiB"


def _seconds(value: float) -> str:
    return f"{value:g} s"


Row = tuple[str, str, Callable[[float], str]]
ROWS: tuple[Row, ...] = (
    ("characters of an expression", "expr.text.limits.CHARACTERS", _count),
    ("nodes of an expression", "expr.text.limits.NODES", _count),
    ("depth of an expression", "expr.text.limits.DEPTH", _count),
    ("a profile or rule file", "structure.files.text_file.LARGEST_BYTES", _mib),
    ("nesting of TOML", "structure.toml.depth.DEEPEST", _count),
    ("values of one list or table", "structure.shape.breadth.MOST_VALUES", _count),
    ("files that a profile extends", "load.sites.site.MOST_FILES", _count),
    ("length of a chain of `extends`", "load.sites.site.DEEPEST", _count),
    ("findings of one kind that are shown", "diagnostic.MOST_OF_A_KIND", _count),
    ("candidates of a question", "resolve.candidates.MOST", _count),
    ("those at each load, with `--jobs` and its like", "resolve.candidates.MOST_PLACED", _count),
    ("load points of a question", "resolve.bounds.MOST_LOADS", _count),
    ("a table of points or measurements", "structure.files.csv_document.LARGEST_TABLE_BYTES", _mib),
    ("a price file", "load.prices.prices.LARGEST_BYTES", _mib),
    ("a start-up log", "imports.vllm_log.log.LARGEST_LOG_BYTES", _mib),
    ("a lock", "lock.file.LARGEST_BYTES", _mib),
    ("a file of a git revision", "diff.tree.LARGEST_BYTES", _mib),
    ("all files of a git revision", "diff.tree.MOST_BYTES", _mib),
    ("a git command", "diff.git.TIMEOUT_S", _seconds),
    ("config.json and files like it", "catalog.checkpoint.MOST_FILE_BYTES", _mib),
    ("an index of weight files", "catalog.checkpoint.MOST_INDEX_BYTES", _mib),
    ("weight files of a model", "catalog.checkpoint.MOST_SHARDS", _count),
    ("the header of a weight file", "catalog.safetensors.MOST_HEADER_BYTES", _mib),
    ("the header of a GGUF file", "catalog.gguf.header.MOST_BYTES", _mib),
    ("tensors of a GGUF file", "catalog.gguf.header.MOST_TENSORS", _count),
    ("the hub's list of a repository", "catalog.hub.reading.MOST_ABOUT_BYTES", _mib),
    ("redirects of a request", "catalog.hub.client.MOST_REDIRECTS", _count),
    ("a whole answer of the hub", "catalog.hub.settings.Patience.answer_s", _seconds),
    ("silence of the hub", "catalog.hub.settings.Patience.silence_s", _seconds),
    ("tries of a request", "catalog.hub.settings.Patience.tries", _count),
)


def bounds(rows: Iterable[Row] = ROWS) -> str:
    """Return the table of SECURITY.md."""
    lines = [f"| {what} | {shown(_value(name))} |" for what, name, shown in rows]
    return "\n".join(["| what | at most |", "|---|--:|", *lines])


def _value(name: str) -> float:
    """Return a constant by its path below `sizer`, a default of a class by its field."""
    path, _, constant = name.rpartition(".")
    owner, _, cls = path.rpartition(".")
    if not cls[0].isupper():
        return float(getattr(import_module(f"sizer.{path}"), constant))
    instance = getattr(import_module(f"sizer.{owner}"), cls)()
    return float(getattr(instance, constant))
