"""Names what a program gets wrong."""
