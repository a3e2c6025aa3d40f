"""Tests, by package; a package of its own, since a library may bring another of this name."""
