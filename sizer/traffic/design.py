"""The load that a summary of a log makes: its lengths."""

from __future__ import annotations

from sizer.schema.asked.traffic import LengthSummary
from sizer.schema.facts.lengths import JointLengths


def joint_lengths(summary: LengthSummary) -> JointLengths:
    """Return the lengths of a summary, with the moments that were summed request by request."""
    whole = sum(each.share for each in summary.joint)
    pairs = tuple(
        (each.input_tokens, each.output_tokens, each.share / whole) for each in summary.joint
    )
    powers = enumerate(summary.input_power_means, start=1)
    answers = enumerate(summary.output_power_means, start=1)
    exact = [(k, 0, mean**k) for k, mean in powers]
    exact += [(0, k, mean**k) for k, mean in answers]
    return JointLengths(pairs, (*exact, (1, 1, summary.mean_product)))
