"""The promises: pure functions with a reference and a date of effect, one module each."""
