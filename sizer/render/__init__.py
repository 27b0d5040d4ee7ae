"""The render stage: a report to text, one module for each format."""

from sizer.render.formats import FORMATS, GATES, render
from sizer.render.look import Look

__all__ = ["FORMATS", "GATES", "Look", "render"]
