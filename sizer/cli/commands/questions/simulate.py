"""`sizer simulate`: the deployment that a profile chooses, request by request."""

from __future__ import annotations

import re
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from sizer.cli.options import choice, terms, waiver_day
from sizer.cli.options.arguments import USAGE, amount, count, declare_form
from sizer.cli.streams.command import Command
from sizer.cli.streams.exit import Exit
from sizer.cli.streams.output import deliver, look_of
from sizer.cli.streams.progress import Progress
from sizer.cli.streams.streams import tell
from sizer.diagnostic import problem
from sizer.render.forms import SIMULATION
from sizer.schema.asked.serving import Router

if TYPE_CHECKING:  # the parser alone loads no simulation
    from sizer.pipeline.simulation import Replay

LARGEST_SEED = 2**32 - 1
UNITS_S = {"": 1.0, "s": 1.0, "m": 60.0, "min": 60.0, "h": 3600.0}
_TIME = re.compile(r"(\d+(?:\.\d+)?)(s|m|min|h)?")
_FAILURE = re.compile(r"(\d{1,6})@(.+)")


def declare(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("profile", metavar="PROFILE", help="a TOML file; `-` is standard input")
    help_ = "simulate this one, as `sizer run` calls it, instead of the one that is chosen"
    parser.add_argument("--candidate", metavar="ID", help=help_)
    help_ = "replay this log (CSV or JSONL) instead of the profile's load"
    parser.add_argument("--trace", metavar="FILE", help=help_)
    help_ = "so many times the rate of the profile or of the trace (default: 1)"
    parser.add_argument("--speed", metavar="N", type=amount, default=1.0, help=help_)
    help_ = "how many requests to send (default: 10,000 at a rate)"
    parser.add_argument("--requests", metavar="N", type=count, help=help_)
    help_ = "how long requests come at a rate or of a trace, like `600s`, `30m` or `1h`"
    parser.add_argument("--duration", metavar="TIME", type=seconds, help=help_)
    help_ = "take a replica away, like `1@600s`; may be repeated"
    parser.add_argument(
        "--fail", metavar="N@TIME", type=failure, action="append", default=[], help=help_
    )
    help_ = "how requests are spread over replicas, in place of the profile's"
    parser.add_argument("--router", choices=get_args(Router), help=help_)
    help_ = "of all chance: the same seed gives the same run (default: 0)"
    parser.add_argument("--seed", metavar="N", type=seed, default=0, help=help_)
    declare_form(parser, SIMULATION)
    parser.add_argument("--output", metavar="FILE", help="where to write (default: stdout)")
    choice.declare(parser)
    waiver_day.declare(parser)
    terms.declare(parser)


def handle(arguments: Namespace) -> Exit:
    """Print what was simulated; where a rule does not hold or a request is lost, end with 1."""
    from sizer.cli.options.question import question

    waivers = waiver_day.waiving_of(arguments)
    asked = question(arguments.profile, choice.selection_of(arguments), waivers)
    tell(asked.notes)
    asked = terms.on_terms(asked, arguments)
    from sizer.cli.commands.questions.decision import no_candidate
    from sizer.cli.options.facts import asking_hub
    from sizer.pipeline.decisions import candidates
    from sizer.pipeline.simulation import replay

    facts, how = asking_hub(), _replay(arguments)
    with Progress("requests") as progress:
        found = replay(asked, how, arguments.candidate, progress=progress, facts=facts)
    if not found:
        raise no_candidate(arguments.candidate, candidates(asked, facts))
    look = look_of(arguments.output)
    deliver(SIMULATION.render(found, arguments.format, look), arguments.output)
    return Exit.WELL if all(each.attains for each in found) else Exit.NOTHING_SURVIVES


def _replay(arguments: Namespace) -> Replay:
    from sizer.imports.request_trace import read_trace
    from sizer.pipeline.simulation import Replay
    from sizer.simulate import Failure

    if arguments.requests and arguments.duration:
        hint = "leave one of them out"
        raise problem(USAGE, "--requests and --duration say the same thing twice", hint=hint)
    trace = None if arguments.trace is None else read_trace(Path(arguments.trace))
    return Replay(
        trace=trace,
        trace_name=arguments.trace or "",
        speed=arguments.speed,
        seed=arguments.seed,
        requests=arguments.requests,
        duration_s=arguments.duration,
        router=arguments.router,
        failures=tuple(Failure(*each) for each in arguments.fail),
    )


def seconds(text: str) -> float:
    """Return a time in seconds, like `600s`, `30m` or `1h`.

    Raises argparse.ArgumentTypeError for anything else.
    """
    found = _TIME.fullmatch(text)
    if not found or not (number := float(found[1]) * UNITS_S[found[2] or ""]) < float("inf"):
        raise ArgumentTypeError(f"{text!r} is not a time like `600s`, `30m` or `1h`")
    if number <= 0:
        raise ArgumentTypeError(f"{text!r} is not a time above 0")
    return number


def failure(text: str) -> tuple[int, float]:
    """Return a replica, counted from 1, and the second at which it is gone.

    Raises argparse.ArgumentTypeError for anything else.
    """
    found = _FAILURE.fullmatch(text)
    if not found or int(found[1]) < 1:
        raise ArgumentTypeError(f"{text!r} is not a replica and a time like `1@600s`")
    return int(found[1]), seconds(found[2])


def seed(text: str) -> int:
    """Return a whole number of 32 bits.

    Raises argparse.ArgumentTypeError for anything else.
    """
    whole = text.isascii() and text.isdigit() and len(text) <= 10
    if not whole or int(text) > LARGEST_SEED:
        raise ArgumentTypeError(f"{text!r} is not a whole number up to {LARGEST_SEED:,}")
    return int(text)


COMMAND = Command("simulate", "send requests to the chosen deployment", declare, handle)
