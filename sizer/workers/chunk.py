"""A piece of a long piece of work."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

from attrs import frozen

if TYPE_CHECKING:  # who draws nothing needs no numpy
    import numpy as np

Work = TypeVar("Work")


@frozen
class Chunk(Generic[Work]):
    """What is to be done, and its number: the first is 0."""

    number: int
    work: Work

    def random(self, seed: int = 0) -> np.random.Generator:
        """Return random numbers that depend on the seed and the chunk's number alone."""
        import numpy as np  # noqa: PLC0415  # as above

        return np.random.default_rng((seed, self.number))
