"""What changed between two texts: by word in English, by character in Chinese, and block by block in rich text.

What is marked is plain <ins> and <del>, which many screen readers pass over: whoever shows it adds "inserted" and
"removed", visually hidden, by CSS (`ins::before { content: … }`). The HTML that comes back is safe to show as it is.

The cost is bounded without a clock, so that the same two texts always compare alike.

Pure: imports no model and runs no query.
"""

from .alignment import align
from .diff import PartDiff, State, diff_html, diff_parts
from .nodes import blocks
from .words import Op, diff_text

__all__ = ["Op", "PartDiff", "State", "align", "blocks", "diff_html", "diff_parts", "diff_text"]
