"""Every command, in the order of `sizer --help`."""

from __future__ import annotations

from sizer.cli import (
    cache,
    check,
    diff,
    estimate,
    explain,
    fetch,
    fmt,
    gpus,
    import_,
    init,
    lock,
    models,
    recommend,
    run,
    score,
    test,
    update,
)
from sizer.cli.command import Command

COMMANDS: tuple[Command, ...] = (
    run.COMMAND,
    estimate.COMMAND,
    score.COMMAND,
    check.COMMAND,
    fmt.COMMAND,
    lock.COMMAND,
    update.COMMAND,
    test.COMMAND,
    diff.COMMAND,
    init.COMMAND,
    explain.COMMAND,
    fetch.COMMAND,
    cache.COMMAND,
    gpus.COMMAND,
    models.COMMAND,
    import_.COMMAND,
    recommend.COMMAND,
)
