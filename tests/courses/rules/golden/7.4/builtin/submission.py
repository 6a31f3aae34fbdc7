x = [3.0, 1.0, 2.0, 5.0, 4.0]
in_order = sorted
ordered = in_order(x)
