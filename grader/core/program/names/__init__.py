"""What the names of a program stand for, and what of it they need."""
