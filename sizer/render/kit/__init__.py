"""What every renderer writes with: the reader's screen, plain texts, figures, JSON and CSV.

Comes in: values and texts. Goes out: pieces of text. It never knows a noun or a form.
"""

from sizer.render.kit.json_text import dumped, dumped_in_pieces
from sizer.render.kit.look import PAGE_WIDTH, Look
from sizer.render.kit.patch import patch
from sizer.render.kit.plain import plain

__all__ = ["PAGE_WIDTH", "Look", "dumped", "dumped_in_pieces", "patch", "plain"]
