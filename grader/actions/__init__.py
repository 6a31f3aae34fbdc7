"""What a user can do, one file each: a list of named steps."""
