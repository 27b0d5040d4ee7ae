"""How much a question may ask: counted before anything is built, refused by its longest list."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import prod

from sizer.diagnostic import Diagnostic, Place
from sizer.resolve.candidates import FEWEST, MOST, MOST_PLACED
from sizer.resolve.splits import replica_counts
from sizer.schema.asked.lengths import answers, prompts
from sizer.schema.asked.profile import Profile

TOO_MANY = "SZ302"
MOST_LOADS = 1_000_000
Keys = tuple[str | int, ...]
PlaceOf = Callable[[Keys], Place | None]
WORDS: Mapping[str | int, str] = {
    "models": "models",
    "gpus": "accelerators",
    "max_gpus": "numbers of replicas",
    "input_tokens": "prompt lengths",
    "output_tokens": "answer lengths",
    "concurrency": "concurrencies",
    "request_rate": "request rates",
    "users": "numbers of users",
}


def load_lists(profile: Profile) -> dict[Keys, int]:
    """Return how long the lists are whose combinations are the loads."""
    work = profile.workload
    return {
        ("workload", "input_tokens"): len(prompts(work).means),
        ("workload", "output_tokens"): len(answers(work).means),
        ("workload", work.offered): max(1, len(work.offers)),
    }


def too_many_loads(profile: Profile, place: PlaceOf) -> list[Diagnostic]:
    """Return the fault (SZ302) of more than MOST_LOADS load points."""
    lists = load_lists(profile)
    count = prod(lists.values())
    if count <= MOST_LOADS:
        return []
    said = f"{count:,} load points are more than {MOST_LOADS:,}: {_factors(lists)}"
    longest = _longest(lists)
    return [Diagnostic(TOO_MANY, said, place(longest), f"shorten {longest[0]}.{longest[1]}")]


def too_many_candidates(
    profile: Profile, models: int, gpus: int, place: PlaceOf, *, many: bool = False
) -> Diagnostic:
    """Return the fault (SZ302) of more than MOST candidates, of so many models and accelerators.

    With `many` it is that of more than MOST_PLACED, whatever their loads.
    """
    lists: dict[Keys, int] = {
        ("models",): models,
        ("fleet", "gpus"): gpus,
        ("fleet", "max_gpus"): 1
        if profile.fleet.replicas == FEWEST
        else len(replica_counts(profile.fleet.max_gpus or 1)),
        **({} if many else load_lists(profile)),
    }
    longest = _longest(lists)
    verb = "lower" if longest[-1] == "max_gpus" else "shorten"
    most, where = (MOST_PLACED, "each load") if many else (MOST, "all loads")
    factors = f"{_factors(lists)}, each in every format and split"
    said = f"more than {most:,} candidates at {where}: {factors}"
    shorter = f"{verb} {'.'.join(map(str, longest))}"
    hint = shorter if many else f"{shorter}, or let `sizer run --jobs 2` judge them all"
    return Diagnostic(TOO_MANY, said, place(longest), hint)


def _factors(lists: Mapping[Keys, int]) -> str:
    several = {keys: count for keys, count in lists.items() if count > 1}
    return " x ".join(f"{count:,} {WORDS[keys[-1]]}" for keys, count in several.items())


def _longest(lists: Mapping[Keys, int]) -> Keys:
    return max(lists, key=lambda keys: lists[keys])
