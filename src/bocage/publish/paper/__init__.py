"""What is printed: PDF made by Typst in a process of its own, and QR codes."""

from bocage.publish.paper.press import pdf
from bocage.publish.paper.qr import qr

__all__ = ["pdf", "qr"]
