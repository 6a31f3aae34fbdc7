"""What findings are called, how they are told, kept and read."""
