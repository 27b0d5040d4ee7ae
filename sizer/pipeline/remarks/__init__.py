"""What a reader of answers must know of how sure their figures are.

Comes in: answers, with the scenario and the conditions that they are of. Goes out: values, for
which `render` has the words. It never judges, and never changes an answer.
"""
