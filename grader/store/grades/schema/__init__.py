"""The tables of the gradebook."""
