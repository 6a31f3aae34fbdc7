"""What students hand in, who they are, and which hints they were given."""
