"""Simulations of deployments, in each form.

Comes in: the values, their texts made plain. Goes out: text. It never computes a figure anew.
"""
