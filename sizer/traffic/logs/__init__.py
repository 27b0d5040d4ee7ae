"""Logs of requests, read as they stream by.

Comes in: a file by whichever tool wrote it. Goes out: the summary of it. It keeps times, lengths,
sessions and hashes, and never the text of a prompt.
"""
