"""What an answer rests on of speculative decoding, each as a value; `render` has the words."""

from __future__ import annotations

from typing import Literal

from attrs import frozen


@frozen
class CurveTaken:
    """Acceptance of a model's drafts is a reference curve's, `asked` for by name or not.

    `measured_on` is what ran, `dataset` the text that it wrote.
    """

    model: str
    curve: str
    measured_on: str
    dataset: str
    asked: bool
    kind: Literal["acceptance curve"] = "acceptance curve"


@frozen
class UnscoredDrafts:
    """Times with drafts of a method were held against no measurement; those of `scored` were."""

    method: str
    scored: str
    kind: Literal["unscored drafts"] = "unscored drafts"


@frozen
class UnknownAcceptance:
    """Nobody says how many tokens a step of a model yields: its times for each token are unknown.

    `beyond` is the reference curve that ends before so many tokens, None where there is none.
    """

    model: str
    method: str
    tokens: int
    beyond: str | None = None
    kind: Literal["unknown acceptance"] = "unknown acceptance"
