"""A figure's program: NumPy and Matplotlib alone, as a teacher would write it for a student."""

from ....messages import GdvizError
from .lesson import lesson
from .whole import IMPORTS, as_text, listing, sections

__all__ = ["IMPORTS", "GdvizError", "as_text", "lesson", "listing", "sections"]
