"""Loads and calls a submission."""
