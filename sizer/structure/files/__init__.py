"""Bytes of files to text and tables, and back.

Comes in: a path. Goes out: its text, rows of CSV, JSON, or a fault with its place.
It never knows what a key means.
"""
