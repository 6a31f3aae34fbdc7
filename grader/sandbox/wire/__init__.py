"""What crosses between the host and a child, read strictly."""
