"""A submission's source before anything runs: its text, its cells, its syntax and its features."""
