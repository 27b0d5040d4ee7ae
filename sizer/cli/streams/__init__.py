"""What every command shares: exit codes, streams, progress and the registry.

Comes in: answers and diagnostics. Goes out: stdout, stderr, files and an exit code.
It never imports a command before that command is asked for.
"""
