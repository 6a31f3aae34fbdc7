"""Holds an observation against the reference's."""
