"""Keep things on disk: course files, submissions, references."""
