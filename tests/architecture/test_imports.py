"""What import-linter cannot say: the innermost packages rest on the standard library, msgspec and numpy only."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import bocage

SOURCE = Path(bocage.__file__).parent
ALLOWED = {"msgspec", "numpy", *sys.stdlib_module_names}


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


def modules(package: str) -> list[Path]:
    return sorted((SOURCE / package).rglob("*.py"))


@pytest.mark.parametrize("package", ["domain", "commitments"])
def test_the_innermost_packages_rest_on_the_standard_library_msgspec_and_numpy(package: str) -> None:
    inside = {"domain": ("bocage.domain",), "commitments": ("bocage.domain", "bocage.commitments")}[package]
    for path in modules(package):
        for name in imports(path):
            assert name.startswith(inside) or name.split(".")[0] in ALLOWED, f"{path.name} imports {name}"


def test_a_source_sees_the_domain_only() -> None:
    for path in modules("sources"):
        own = ".".join(path.relative_to(SOURCE.parent).parts[:3])
        for name in imports(path):
            if name.startswith("bocage"):
                assert name.startswith(("bocage.domain", own)), f"{path} imports {name}"


def test_the_domain_has_no_clock_no_randomness_and_no_files() -> None:
    outward = {"os", "pathlib", "random", "secrets", "socket", "subprocess", "sqlite3", "threading", "time", "uuid"}
    for package in ("domain", "commitments"):
        for path in modules(package):
            found = {name.split(".")[0] for name in imports(path)} & outward
            assert not found, f"{path.name} imports {found}"


def test_only_the_gate_and_the_restored_log_make_kept_observations() -> None:
    makers = {
        str(path.relative_to(SOURCE))
        for path in SOURCE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and _name(node.func) == "ObservationBatch"
    }
    assert makers <= {"ingest/gate.py", "store/erasures.py"}, "the gate, and what was already kept: store.restored"


def _name(called: ast.expr) -> str:
    return called.attr if isinstance(called, ast.Attribute) else called.id if isinstance(called, ast.Name) else ""
