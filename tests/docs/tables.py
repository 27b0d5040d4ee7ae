"""Tables of the documents, made from the registries.

Run `python tests/docs/tables.py` to write them; a test says when they are out of date.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, get_args

from attrs import NOTHING, Attribute, Factory, fields, has, resolve_types
from bounds import bounds

from sizer import size
from sizer.catalog.codes import Page, codes, page
from sizer.catalog.format_names import format_aliases, loaders
from sizer.catalog.formats import find_kv_format, find_weight_format
from sizer.expr.language.functions import FUNCTIONS
from sizer.load import load_document
from sizer.render.forms import REPORT
from sizer.schema.asked.case import CaseFile
from sizer.schema.asked.key import key_name
from sizer.schema.asked.point import Point
from sizer.schema.asked.profile import Profile
from sizer.schema.asked.traffic import Traffic
from sizer.schema.facts.format import WeightFormat
from sizer.schema.facts.prices import PriceRow
from sizer.schema.metrics import METRICS
from sizer.structure.toml.document import parse_document
from sizer.units import NUMBER

ROOT = Path(__file__).parents[2]


def keys() -> str:
    """Return a table for each table of a profile."""
    return "\n\n".join(_tables("", Profile))


def cases() -> str:
    """Return a table for each table of a file of rule tests."""
    return "\n\n".join(_tables("", CaseFile))


def points() -> str:
    """Return the table of a point's columns; the text behind the semicolon is the default."""
    resolve_types(Point)
    rows = ["| column | blank means | unit, bounds | meaning |", "|---|---|---|---|"]
    for attribute in fields(Point):
        meaning, _, blank = str(attribute.metadata["doc"]).partition("; ")
        line = _row(attribute).split(" | ")
        rows.append(f"| `{attribute.name}` | {blank or 'required'} | {line[2]} | {meaning} |")
    return "\n".join(rows)


def prices() -> str:
    """Return the table of a price file's keys, or a table's columns."""
    resolve_types(PriceRow)
    rows = ["| key, column | default | unit, bounds | meaning |", "|---|---|---|---|"]
    return "\n".join([*rows, *(_row(attribute) for attribute in fields(PriceRow))])


def traffic() -> str:
    """Return the table of the keys of a log's summary, each with the table that it is in."""
    rows = ["| table | key | default | unit, bounds | meaning |", "|---|---|---|---|---|"]
    return "\n".join([*rows, *_keys_of("", Traffic)])


def _keys_of(prefix: str, cls: type[Any]) -> Iterator[str]:
    for attribute in fields(resolve_types(cls)):
        inner = _nested(attribute)
        if inner is None:
            yield f"| {f'`{prefix}`' if prefix else ''} {_row(attribute)}"
            continue
        many = str(attribute.type).startswith("tuple")
        name = f"{prefix.strip('[]')}.{attribute.name}" if prefix else attribute.name
        yield from _keys_of(f"[[{name}]]" if many else f"[{name}]", inner)


def metrics() -> str:
    """Return the table of metrics; the ends of an interval have no row of their own."""
    bounded = {metric.end_of for metric in METRICS}
    rows = ["| metric | unit | better | interval | meaning |", "|---|---|---|---|---|"]
    for metric in (each for each in METRICS if each.end_of is None):
        called = ", ".join(f"`{name}`" for name in (metric.name, *metric.aliases))
        unit = metric.kind if metric.kind != "number" else str(metric.unit)
        unit = "" if metric.unit == NUMBER and metric.kind == "number" else unit
        interval = "yes" if metric.name in bounded else ""
        known = f" ({', '.join(metric.members)})" if metric.members else ""
        rows.append(f"| {called} | {unit} | {metric.better} | {interval} | {metric.doc}{known} |")
    return "\n".join(rows)


def formats() -> str:
    """Return the weight formats with their other names, and what loaders call several of them."""
    rows = ["| `weights` | also | bytes of a weight, scales included |", "|---|---|---|"]
    for name, aliases in format_aliases("weights").items():
        width = _width(find_weight_format(name))
        rows.append(f"| `{name}` | {_listed(aliases)} | {width} |")
    rows += ["", "| `kv_format` | also | bytes of an element, scales included |", "|---|---|---|"]
    for name, aliases in format_aliases("kv_format").items():
        width = f"{find_kv_format(name).bytes_per_element:.4g}"
        rows.append(f"| `{name}` | {_listed(aliases)} | {width} |")
    rows += ["", "| loader of several widths | write the one of the files |", "|---|---|"]
    return "\n".join([*rows, *(f"| `{name}` | {_listed(of)} |" for name, of in loaders().items())])


def _width(form: WeightFormat) -> str:
    if form.linear_bytes / form.expert_bytes < 2:  # the rest is quantised too
        return f"{form.linear_bytes:.4g}"
    return f"{form.expert_bytes:.4g} of experts, else {form.linear_bytes:.4g}"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def functions() -> str:
    """Return the list of functions."""
    return ", ".join(f"`{name}`" for name in FUNCTIONS)


def diagnostics() -> str:
    """Return the table of codes."""
    pages = [page(code) for code in codes()]
    rows = [
        f"| [{each.code}](diagnostics.md#{each.code.lower()}) | {each.title} |"
        for each in pages
        if each is not None
    ]
    return "\n".join(["| code | what is wrong |", "|---|---|", *rows])


def pages() -> str:
    """Return every page of the diagnostics, as `sizer explain CODE` shows it."""
    found = [page(code) for code in codes()]
    return "\n\n".join(_page(each) for each in found if each is not None)


def _page(about: Page) -> str:
    bad, good = (f"```\n{text.strip(chr(10))}\n```" for text in (about.bad, about.good))
    title = f"## {about.code}\n\n**{about.title}**"
    return f"{title}\n\n{about.why}\n\nBad:\n\n{bad}\n\nGood:\n\n{good}"


def answer() -> str:
    """Return what `sizer run` says of the README's first profile, without the notes below."""
    [question, *_] = re.findall(r"```toml\n(dsl = 1.*?)```", README.read_text("utf-8"), re.DOTALL)
    asked = load_document(parse_document(question, "chat.toml"), ROOT)
    shown, *_ = REPORT.render(size(asked), "text").partition("\nprices ")
    return f"```\n$ sizer run chat.toml\n{shown}```"


README = ROOT / "README.md"
SECTIONS = {
    README: {"answer": answer},
    ROOT / "profiles" / "README.md": {
        "keys": keys,
        "formats": formats,
        "points": points,
        "prices": prices,
        "traffic": traffic,
    },
    ROOT / "rules" / "README.md": {
        "cases": cases,
        "metrics": metrics,
        "functions": functions,
        "diagnostics": diagnostics,
    },
    ROOT / "rules" / "diagnostics.md": {"pages": pages},
    ROOT / "SECURITY.md": {"bounds": bounds},
}


def renewed(text: str, name: str, body: str) -> str:
    """Return a document with what stands between its markers replaced."""
    marked = re.compile(rf"(<!-- generated:{name} -->\n).*?(<!-- end -->)", re.DOTALL)
    found, count = marked.subn(lambda match: f"{match[1]}{body}\n{match[2]}", text)
    if count != 1:
        raise ValueError(f"{count} sections are called {name!r}")
    return found


def current(path: Path) -> str:
    """Return a document as the registries say it should be."""
    text = path.read_text("utf-8")
    for name, make in SECTIONS[path].items():
        text = renewed(text, name, make())
    return text


def _tables(prefix: str, cls: type[Any]) -> Iterator[str]:
    resolve_types(cls)
    plain, inner = [], []
    for attribute in fields(cls):
        found = _nested(attribute)
        (inner if found else plain).append((attribute, found))
    title = f"`{prefix}`" if prefix else "top of the file"
    rows = ["| key | default | unit, bounds | meaning |", "|---|---|---|---|"]
    yield "\n".join([f"### {title}", "", *rows, *(_row(attribute) for attribute, _ in plain)])
    for attribute, found in inner:
        name = f"{prefix.strip('[]')}.{attribute.name}" if prefix else attribute.name
        many = str(attribute.type).startswith("tuple")
        yield from _tables(f"[[{name}]]" if many else f"[{name}]", found)


def _nested(attribute: Attribute[Any]) -> type[Any] | None:
    kind: Any = attribute.type
    if has(kind):
        return kind
    return next((each for each in get_args(kind) if has(each)), None)


def _row(attribute: Attribute[Any]) -> str:
    meta, default = attribute.metadata, attribute.default
    empty = isinstance(default, Factory) or default in (None, ())
    shown = "required" if default is NOTHING else "" if empty else _shown(default)
    unit = meta.get("unit", "")
    bounds = [f"> {meta['above']:g}"] if meta.get("above") is not None else []
    bounds += [f">= {meta['least']:g}"] if meta.get("least") is not None else []
    said = ", ".join(part for part in (unit if unit != "1" else "", *bounds) if part)
    return f"| `{key_name(attribute)}` | {shown} | {said} | {meta.get('doc', '')} |"


def _shown(value: Any) -> str:
    if isinstance(value, tuple):
        return ", ".join(_shown(each) for each in value)
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


if __name__ == "__main__":
    for document in SECTIONS:
        document.write_text(current(document), "utf-8")
