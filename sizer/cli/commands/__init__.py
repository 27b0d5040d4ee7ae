"""One module for each command, in the groups of `sizer --help`."""
