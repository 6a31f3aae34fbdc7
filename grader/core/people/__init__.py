"""Who is who: students, names as people write them, and whose line or file something is."""
