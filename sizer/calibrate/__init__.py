"""The calibrate stage: measurements to the constants of an estimator, and their uncertainty.

Comes in: measurements, and an estimator that can be asked again with other constants. Goes out:
constants with their spread, and intervals. It never reads a file, and never sees a formula.
"""
