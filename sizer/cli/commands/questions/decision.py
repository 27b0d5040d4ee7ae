"""`sizer explain --profile`: why a candidate of a profile was taken or refused."""

from __future__ import annotations

import gc
from argparse import ArgumentParser, Namespace

from sizer.cli.options import choice, terms, waiver_day, workers
from sizer.cli.options.arguments import USAGE
from sizer.cli.streams.output import deliver, look_of
from sizer.cli.streams.progress import Progress
from sizer.cli.streams.streams import tell
from sizer.diagnostic import problem
from sizer.render.forms import DECISIONS

FEW = 4


def declare(parser: ArgumentParser) -> None:
    """Declare the arguments that go with `--profile`."""
    help_ = "explain what a profile decided: the chosen candidate, or the nearest if none survives"
    parser.add_argument("--profile", metavar="FILE", help=help_)
    help_ = "explain this one, as `sizer run` calls it"
    parser.add_argument("--candidate", metavar="ID", help=help_)
    parser.add_argument("--format", choices=DECISIONS.forms, help="of a decision (default: text)")
    choice.declare(parser)
    waiver_day.declare(parser)
    terms.declare(parser)
    workers.declare(parser)


def explain_decision(arguments: Namespace) -> None:
    """Print why each model's candidate was taken or refused.

    Raises Problem for a bad profile, and SZ006 when no candidate has the name.
    """
    from sizer.cli.options.question import question

    waivers = waiver_day.waiving_of(arguments)
    asked = question(arguments.profile, choice.selection_of(arguments), waivers)
    tell(asked.notes)
    asked = terms.on_terms(asked, arguments)
    from sizer.cli.options.facts import asking_hub
    from sizer.pipeline.decisions import candidates, decisions
    from sizer.workers import ALONE

    gc.enable()  # the search for changes of a rule is long, and its garbage would pile up
    with Progress() as progress:
        facts = asking_hub()
        by = workers.workers_of(arguments) or ALONE
        found = decisions(asked, arguments.candidate, progress=progress, facts=facts, workers=by)
    if not found:
        raise no_candidate(arguments.candidate, candidates(asked, facts))
    deliver(DECISIONS.render(found, arguments.format or "text", look_of(None)), None)


def no_candidate(name: str | None, known: tuple[str, ...]) -> Exception:
    """Return the fault of a name that no candidate has, or of a profile without any (SZ006)."""
    if name is None or not known:
        return problem(USAGE, "this profile has no candidate", hint="`sizer run` says why")
    return problem(USAGE, f"no candidate is called {name!r}", hint=_meant(name, known))


def _meant(name: str, known: tuple[str, ...]) -> str:
    """Return whose names have all words of one, as the short ones of a table have; or are alike."""
    from sizer.structure.nearest import did_you_mean

    words = set(name.split())
    whole = [repr(each) for each in known if words <= set(each.split())]
    if not whole:
        return did_you_mean(name, known) or "`sizer run --all` lists those that survive"
    more = f" and {len(whole) - FEW:,} more" if len(whole) > FEW else ""
    return f"whole names with these words: {', '.join(whole[:FEW])}{more}"
