"""The students' copy of a course."""
