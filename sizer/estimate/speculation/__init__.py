"""Terms for speculative decoding: the positions that a step checks, and the passes of a draft.

Comes in: columns of a deployment and of its draft. Goes out: seconds and tokens of a step, one per
candidate. It never says how much of a draft is accepted: the profile or a reference curve does.
"""
