"""YAML files as trees of texts with their positions."""
