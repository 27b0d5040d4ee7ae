"""`sizer explain`: what a metric, a step of the estimate or a diagnostic means; why a decision."""

from __future__ import annotations

import re
from argparse import ArgumentParser, Namespace
from collections.abc import Collection, Mapping
from textwrap import fill, indent

from sizer.cli.commands.questions import decision, memory
from sizer.cli.options import terms, workers
from sizer.cli.options.arguments import USAGE
from sizer.cli.streams.command import Command
from sizer.cli.streams.exit import Exit
from sizer.cli.streams.streams import answer
from sizer.diagnostic import problem
from sizer.render.kit import PAGE_WIDTH
from sizer.schema.metrics import Metric, registry

_DECISION = ("candidate", "select", "ignore", "today", "no_waivers", *terms.NAMES, *workers.NAMES)
INDENT = " " * 13  # below the first line of a fact
_CODE = re.compile(r"sz\d+", re.IGNORECASE)


def declare(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    help_ = "like itl_ms, or SZ202; `memory` is the ledger of one candidate; without one, the list"
    parser.add_argument("subject", metavar="METRIC|CODE|memory", nargs="?", help=help_)
    decision.declare(parser)
    memory.declare(parser)


def handle(arguments: Namespace) -> Exit:
    """Print a page of a code or a metric, a ledger of memory, or why a profile decided."""
    subject: str | None = arguments.subject
    if subject is not None and subject != memory.SUBJECT and arguments.profile is not None:
        _refuse_decision(arguments, (*_DECISION, "format"), "goes without a metric")
        answer(_of_profile(subject, arguments.profile))
        return Exit.WELL
    if subject == memory.SUBJECT:
        _refuse_decision(arguments, _DECISION)
        memory.explain_memory(arguments)
        return Exit.WELL
    memory.refuse(arguments)
    if arguments.profile is not None:
        decision.explain_decision(arguments)
        return Exit.WELL
    _refuse_decision(arguments, (*_DECISION, "format"))
    answer(_page_of(subject))
    return Exit.WELL


def _page_of(subject: str | None) -> str:
    if subject is None:
        from sizer.cli.commands.questions.glossary import glossary

        return glossary()
    return _code(subject) if _CODE.fullmatch(subject) else _name(subject)


def _of_profile(subject: str, path: str) -> str:
    """Return the page of a metric that a profile defines, or of one of ours."""
    from sizer.cli.options.question import question

    own = question(path).policy.metrics
    if subject not in own:
        return _code(subject) if _CODE.fullmatch(subject) else _name(subject, own)
    metric = own[subject]
    facts = {
        "type": metric.kind,
        "unit": "" if metric.unit == "1" else metric.unit,
        "computed": " ".join(metric.text.split()),
        "reads": ", ".join(sorted(metric.names)),
    }
    return _page(subject, f"a metric that {path} defines", facts)


def _refuse_decision(
    arguments: Namespace, options: tuple[str, ...], why: str = "goes with --profile"
) -> None:
    """Raise Problem for an option that says something about a decision, where there is none."""
    for option in options:
        if getattr(arguments, option):
            said = f"--{option.replace('_', '-')} {why}"
            raise problem(USAGE, said, hint="`sizer explain --profile FILE` explains a decision")


def _code(code: str) -> str:
    from sizer.catalog.codes import page

    found = page(code)
    if found is None:
        raise problem(USAGE, f"unknown code {code!r}", hint="`sizer explain` lists the codes")
    bad, good = (indent(text.strip("\n"), "    ") for text in (found.bad, found.good))
    why = fill(found.why, PAGE_WIDTH)
    return f"{found.code}: {found.title}\n\n{why}\n\nbad:\n{bad}\n\ngood:\n{good}\n"


def _name(name: str, own: Collection[str] = ()) -> str:
    metric = registry().get(name)
    if metric is not None:
        facts = {**_of_metric(metric), **_of_format(metric.name), **_of_term(metric.name)}
        return _page(metric.name, metric.doc, facts)
    setting = _of_setting(name)
    if setting is not None:
        return setting
    computed = _of_term(name)
    if computed:
        return _page(name, "a step of the estimate, not for rules", computed)
    from attrs import fields_dict

    from sizer.schema.asked.serving import Engine
    from sizer.structure.nearest import did_you_mean

    hint = (
        did_you_mean(name, (*registry(), *own, *fields_dict(Engine)))
        or "`sizer explain` lists the metrics"
    )
    raise problem(USAGE, f"unknown metric {name!r}", hint=hint)


def _of_setting(name: str) -> str | None:
    """Return the page of a key of `[engine]`, with what each engine calls it."""
    from attrs import fields_dict

    from sizer.schema.asked.flags import FLAGS
    from sizer.schema.asked.serving import Engine

    asked = fields_dict(Engine).get(name)
    if asked is None:
        return None
    default = "" if asked.default in {None, ()} else f"{asked.default}"
    facts = {"table": "[engine]", "unit": asked.metadata["unit"], "default": default}
    return _page(name, asked.metadata["doc"], {**facts, **FLAGS.get(name, {})})


def _of_metric(metric: Metric) -> Mapping[str, str]:
    return {
        "type": metric.kind,
        "unit": str(metric.unit) if metric.kind == "number" else "",
        "values": ", ".join(metric.members),
        "better": metric.better if metric.better != "none" else "",
        "alias": ", ".join(metric.aliases),
        "reference": metric.reference,
    }


def _of_format(name: str) -> Mapping[str, str]:
    """Return the formats that a metric can have, what else they are called, and what is no name."""
    from sizer.catalog.format_names import format_aliases, loaders, stored_formats

    if name not in stored_formats():
        return {}
    known = format_aliases(name)
    facts = {
        "values": _wrapped(", ".join(known), INDENT),
        "also": _lined({form: aliases for form, aliases in known.items() if aliases}),
    }
    return {**facts, "say which": _lined(loaders())} if name == "weights" else facts


def _lined(names: Mapping[str, Collection[str]]) -> str:
    """Return a line for each name, with those that it stands for."""
    lines = (_wrapped(f"{name}: {', '.join(of)}", f"{INDENT}  ") for name, of in names.items())
    return f"\n{INDENT}".join(lines)


def _wrapped(text: str, indent_: str) -> str:
    return fill(text, PAGE_WIDTH - len(INDENT), subsequent_indent=indent_)


def _of_term(name: str) -> Mapping[str, str]:
    from sizer.estimate.analytic import TERMS
    from sizer.estimate.columns import reads
    from sizer.structure.docstring import docstring

    term = TERMS.get(name)
    if term is None:
        return {}
    said = " ".join(docstring(term).split())
    return {"computed": said, "reads": ", ".join(reads(term))}


def _page(name: str, doc: str, facts: Mapping[str, str]) -> str:
    lines = [f"  {label:<10} {told}" for label, told in facts.items() if told]
    return "\n".join((f"{name}: {doc}", *lines)) + "\n"


COMMAND = Command(
    "explain",
    "say what a metric or a diagnostic means, how memory adds up, or why a profile decided",
    declare,
    handle,
)
