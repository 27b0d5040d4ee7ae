"""Lengths of prompts and answers together, as a log has them: no law is assumed of either."""

from __future__ import annotations

from math import inf, sqrt

from attrs import frozen


@frozen(cache_hash=True)
class JointLengths:
    """Requests by length: each pair is input tokens, output tokens and the share of requests.

    Shares sum to 1. A pair stands for a bucket of a histogram, at its mean lengths: first moments
    of pairs are exact, higher ones a little low. `exact` are moments that were summed request by
    request, each as the powers of input and of output tokens, and the mean of their product.
    """

    pairs: tuple[tuple[float, float, float], ...]
    exact: tuple[tuple[int, int, float], ...] = ()

    def moment(self, inputs: int = 0, outputs: int = 0) -> float:
        """Return E[S**inputs x L**outputs] in tokens to that power, S a prompt and L its answer."""
        for power, answer_power, mean in self.exact:
            if (power, answer_power) == (inputs, outputs):
                return mean
        return sum(share * prompt**inputs * answer**outputs for prompt, answer, share in self.pairs)

    @property
    def input_tokens(self) -> float:
        """Mean prompt length, E[S], in tokens."""
        return self.moment(1)

    @property
    def output_tokens(self) -> float:
        """Mean answer length, E[L], in tokens."""
        return self.moment(0, 1)

    @property
    def input_tokens_spread(self) -> float:
        """Standard deviation of prompt lengths over their mean."""
        return _spread(self.moment(1), self.moment(2))

    @property
    def output_tokens_spread(self) -> float:
        """Standard deviation of answer lengths over their mean; inf where nothing is answered."""
        return _spread(self.moment(0, 1), self.moment(0, 2))


def _spread(mean: float, mean_of_squares: float) -> float:
    return sqrt(max(0.0, mean_of_squares / mean**2 - 1.0)) if mean else inf
