"""Records what a run does."""
