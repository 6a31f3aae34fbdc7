"""Does each kind of job."""
