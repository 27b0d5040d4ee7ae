"""Terms of what reads texts and writes none: a pass over a batch, and the queue for passes.

Comes in: the columns of the analytic estimator. Goes out: its metrics where no token is written.
It never decodes, and no cache outlives a pass.
"""
