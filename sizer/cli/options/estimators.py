"""`--estimator`: who estimates the rows of a table."""

from __future__ import annotations

from argparse import ArgumentParser

ESTIMATORS = ("analytic", "aiconfigurator")  # the parser alone loads no estimator


def declare_estimator(parser: ArgumentParser) -> None:
    """Declare the option."""
    help_ = f"who estimates (default: {ESTIMATORS[0]}; the other is the extra `aic`)"
    parser.add_argument("--estimator", choices=ESTIMATORS, default=ESTIMATORS[0], help=help_)
