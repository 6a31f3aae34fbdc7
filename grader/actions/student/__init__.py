"""What a student can do."""
