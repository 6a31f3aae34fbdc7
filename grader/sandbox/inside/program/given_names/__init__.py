"""Puts hidden numbers into the given names of a script."""
