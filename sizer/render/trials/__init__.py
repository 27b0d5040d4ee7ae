"""Tests of rules as people and build systems read them, in each form.

Comes in: cases that were tried. Goes out: text. It never tries one.
"""
