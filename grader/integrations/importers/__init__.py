"""Exercises of other systems."""
