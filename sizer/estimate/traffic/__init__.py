"""Terms for traffic: arrivals, the steps that they meet, waits, and percentiles of latencies.

Comes in: columns of step times and of the load. Goes out: percentiles, one value per candidate. A
distribution is its first two moments, so that millions of candidates can be judged. It never draws
at random.
"""
