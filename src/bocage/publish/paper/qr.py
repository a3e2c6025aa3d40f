"""QR codes as drawings: black on nothing, with the quiet border that readers need."""

import io

import segno

BORDER = 4  # modules, as the standard asks


def qr(address: str) -> bytes:
    """An SVG without size: whoever shows it says how large. A quarter of it may be dirty or torn (level Q)."""
    drawn = io.BytesIO()
    code = segno.make_qr(address, error="q", boost_error=False)
    code.save(drawn, kind="svg", border=BORDER, xmldecl=False, nl=False, omitsize=True, svgclass=None, lineclass=None)
    return drawn.getvalue()
