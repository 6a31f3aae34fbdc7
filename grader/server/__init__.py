"""`course serve`: a place to hand in and to look, in a browser.

The process that serves pages is a door and no judge: it knows no solution and no secret, imports no box, and runs
nothing that a student wrote. What it takes in waits in the database for a grading process.
"""
