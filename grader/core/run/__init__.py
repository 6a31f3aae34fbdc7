"""Jobs that go into the box, and the observations that come back."""
