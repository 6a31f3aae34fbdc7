"""A program with other text in some places: small edits, other settings, a cut."""
