"""Rules and alerts at the desk: written as a sentence with blanks, tried on the past, handled where they ring."""
