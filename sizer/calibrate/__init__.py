"""The calibrate stage: measurements to the constants of an estimator, and their uncertainty."""
