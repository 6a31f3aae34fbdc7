x = [3.0, 1.0, 2.0, 5.0, 4.0]


def smallest(numbers):
    return min(numbers)


left = list(x)
ordered = []
while left:
    least = smallest(left)
    left.remove(least)
    ordered.append(least)
