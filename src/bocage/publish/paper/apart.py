"""Run as a process of its own with little memory and time: makes one PDF and ends.

Reads a template's path, its values and pictures; writes the PDF (tagged, PDF/UA-1), or says what is wrong.
Values and pictures travel as data beside the template, never within its text. Fonts are those of this folder, then
those that Typst brings; no font of the machine, no package, no network.
"""

import resource
import sys
from pathlib import Path
from typing import Any

import msgspec
import typst

MEMORY = 768 * 1024 * 1024  # bytes of address space: Typst itself maps 90 MB
SECONDS = 20  # of computing
HERE = Path(__file__).parent
NOWHERE = HERE / "packages"  # never there: a template that asks for a package fails


def answer(template: str, values: str, pictures: str) -> dict[str, Any]:
    """`pdf` and the `warnings` met on the way; or `failure`."""
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[HERE / "fonts"])
    compiler = typst.Compiler(
        HERE / "templates" / template,
        root=HERE / "templates",
        font_paths=fonts,
        ignore_system_fonts=True,
        sys_inputs={"values": values, "pictures": pictures},
        package_path=NOWHERE,
        package_cache_path=NOWHERE,
    )
    try:
        made, warnings = compiler.compile_with_warnings(format="pdf", pdf_standards="ua-1")
    except typst.TypstError as error:
        return {"failure": f"{error.message} {error.diagnostic}"[:500]}
    return {"pdf": made, "warnings": [warning.message for warning in warnings]}


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.stdout.buffer.write(msgspec.msgpack.encode(answer(**msgspec.msgpack.decode(sys.stdin.buffer.read()))))
