"""What a check is made of: calls, given values, recordings, trainings, tests, rules and limits."""
