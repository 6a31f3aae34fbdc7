"""What the gradebook is asked: why a mark, who makes a mistake, and what is exported."""
