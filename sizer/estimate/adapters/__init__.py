"""Terms for LoRA: what adapters add to a pass.

Comes in: columns of a deployment, of its adapters and of a step. Goes out: seconds, one per
candidate. It never says which adapter a request has: as many are in a step as it may use.
"""
