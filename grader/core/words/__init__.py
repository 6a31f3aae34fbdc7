"""Messages, numbers and errors: what is said to people, before it is put into a language."""
