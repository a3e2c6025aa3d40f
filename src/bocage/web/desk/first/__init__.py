"""The first hour: from a town that has just begun to the first chart, one step after the other."""
