"""Stated values: judging, error carried forward, known mistakes, and the graph to draw."""
