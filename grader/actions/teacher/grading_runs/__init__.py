"""Grade a class: what is judged, what a result rests on, and what is judged again."""
