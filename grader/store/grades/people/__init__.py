"""The people of a class, and their ways in."""
