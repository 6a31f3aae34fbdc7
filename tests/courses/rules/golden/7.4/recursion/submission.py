x = [3.0, 1.0, 2.0, 5.0, 4.0]


def in_order(numbers):
    if not numbers:
        return []
    first, *rest = numbers
    below = [number for number in rest if number < first]
    return in_order(below) + [first] + in_order([number for number in rest if number >= first])


ordered = in_order(x)
