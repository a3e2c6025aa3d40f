"""The page for the council: one service, one month, readable in two minutes, on the screen and on paper."""
