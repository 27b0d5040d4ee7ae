"""Facts in rows, in each form, without a table library.

Comes in: rows and the columns to show. Goes out: text. It never knows what the rows are about.
"""

from sizer.render.listing.listing import Listing, Row

__all__ = ["Listing", "Row"]
