"""What an author can do."""
