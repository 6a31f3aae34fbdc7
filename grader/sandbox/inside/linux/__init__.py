"""What only Linux has: the lock, the fork server, huge pages."""
