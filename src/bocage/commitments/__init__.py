"""The promises: pure functions with a reference and a date of effect, one module each."""

from bocage.commitments.roll import all_promises, decide, duties, examine, find, standing, untold

__all__ = ["all_promises", "decide", "duties", "examine", "find", "standing", "untold"]
