"""Coming in: links, single sign-on, and tokens for programs."""
