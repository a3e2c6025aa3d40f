"""What a service shows its council of one month: figures, costs, what touches it, what is coming."""
