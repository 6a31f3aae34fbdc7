"""nbgrader: lectures as its assignments, and its submissions graded here and written into its own gradebook."""
