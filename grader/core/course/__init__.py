"""What a course declares: exercises, checks, hidden draws and policies."""
