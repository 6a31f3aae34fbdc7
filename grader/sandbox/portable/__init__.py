"""The box of every system: a fresh interpreter per job."""
