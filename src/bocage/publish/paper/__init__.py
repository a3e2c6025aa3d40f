"""What is printed: PDF made by Typst in a process of its own, and QR codes."""

from bocage.publish.paper.press import Press, pdf
from bocage.publish.paper.qr import qr
from bocage.publish.paper.sheet import Sheet

__all__ = ["Press", "Sheet", "pdf", "qr"]
