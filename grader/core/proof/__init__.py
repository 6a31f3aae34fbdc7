"""What an exercise is held to before a student sees it."""
