"""Judges one submission: runs what must run, and holds it to the reference."""
