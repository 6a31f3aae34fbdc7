"""The pages of students: exercises, handing in, feedback, questions about grades."""
