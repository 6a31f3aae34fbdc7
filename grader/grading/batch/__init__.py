"""Judges many submissions: tasks, and the workers that do them."""
