"""Expressions and computational graphs with their derivatives, without torch."""
