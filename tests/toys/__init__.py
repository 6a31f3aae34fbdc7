"""What a course of its own may bring: a comparison and a draw, a file each."""
