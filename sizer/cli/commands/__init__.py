"""One module for each command, in the groups of `sizer --help`.

Comes in: parsed arguments. Goes out: an answer and an exit code. A command never imports
what is heavy before it runs.
"""
