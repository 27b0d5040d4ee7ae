"""Commands for measurements: estimate, score, calibrate and import."""
