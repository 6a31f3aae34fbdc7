"""Runs an author's tests against a program that lives in another child."""
