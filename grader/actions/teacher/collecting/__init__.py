"""Collect what students handed in somewhere else."""
