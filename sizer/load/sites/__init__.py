"""Where files stand.

Comes in: paths, patterns, names of rule packs. Goes out: the files they stand for, or why one may
not be read. It never reads what a file says.
"""

from sizer.load.sites.discovery import discovered
from sizer.load.sites.packs import PREFIX
from sizer.load.sites.site import real_file, root_of

__all__ = ["PREFIX", "discovered", "real_file", "root_of"]
