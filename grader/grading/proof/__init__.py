"""Proves exercises, part by part."""
