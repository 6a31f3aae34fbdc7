"""What the gradebook is asked: why a grade, who makes a mistake, and what is exported."""
