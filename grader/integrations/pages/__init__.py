"""Pages for people: one for the class, one for each student, each a file that needs no other and no network."""
