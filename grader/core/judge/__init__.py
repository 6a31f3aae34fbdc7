"""Verdicts on programs: checks, and an author's own tests."""
