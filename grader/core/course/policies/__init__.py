"""What a course's policies make of scores: attempts, lateness, slack days, and what is said of them."""
