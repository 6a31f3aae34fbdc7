"""The host's side of a child: its pipes, its limits, its conversation."""
