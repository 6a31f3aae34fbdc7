"""The files of a course: exercises, solutions, policies, templates."""
