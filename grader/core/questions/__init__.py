"""Questions in words: the order of options, what answers mean, and the verdict on them."""
