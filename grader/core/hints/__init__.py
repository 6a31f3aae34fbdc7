"""The ladder of hints for a recorded submission."""
