"""What a teacher can do."""
