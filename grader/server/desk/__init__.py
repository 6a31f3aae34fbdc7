"""The pages of teachers and assistants."""
