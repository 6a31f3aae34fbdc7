"""What a teacher sees of a whole class."""
