"""What a program's text shows: features, constants, slips, and digests of them."""
