"""What exists elsewhere, brought in: each import is looked at first, told row by row, and can be taken back whole."""
