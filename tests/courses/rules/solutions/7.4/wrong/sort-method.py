x = [3.0, 1.0, 2.0, 5.0, 4.0]
ordered = list(x)
ordered.sort()
