def put_in_order(numbers):
    if not numbers:
        return []
    first, rest = numbers[0], numbers[1:]
    smaller = [number for number in rest if number < first]
    larger = [number for number in rest if number >= first]
    return put_in_order(smaller) + [first] + put_in_order(larger)


x = [3.0, 1.0, 2.0, 5.0, 4.0]
ordered = put_in_order(x)
