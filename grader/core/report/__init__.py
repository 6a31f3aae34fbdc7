"""What is said of one submission."""
