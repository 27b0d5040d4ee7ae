"""Commands for measurements: estimate, score, calibrate and import.

Comes in: tables and logs. Goes out: tables, scores or constants. It never answers a profile.
"""
