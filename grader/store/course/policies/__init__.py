"""Reads the policies of course.yaml."""
