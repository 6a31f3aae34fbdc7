"""Reads the checks of an exercise: what they draw, compare, train and are held to."""
