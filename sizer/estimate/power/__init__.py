"""Terms for power and energy: how busy accelerators are, what they draw, what that costs.

Comes in: columns of times and constants. Goes out: watts, joules, dollars and grams, one per
candidate. It never changes a time, and never adds power of accelerators to power at the wall.
"""
