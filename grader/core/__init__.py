"""Decide: pure values and functions on the standard library and NumPy. No I/O, no torch."""
