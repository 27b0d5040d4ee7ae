"""`--estimator`: who estimates the rows of a table."""

from __future__ import annotations

from argparse import ArgumentParser

ESTIMATORS = ("analytic", "aiconfigurator", "both")  # the parser alone loads no estimator
APART = ESTIMATORS[:2]


def declare_estimator(parser: ArgumentParser) -> None:
    """Declare the option."""
    help_ = f"who estimates (default: {ESTIMATORS[0]}; the others need the extra `aic`)"
    parser.add_argument("--estimator", choices=ESTIMATORS, default=ESTIMATORS[0], help=help_)
