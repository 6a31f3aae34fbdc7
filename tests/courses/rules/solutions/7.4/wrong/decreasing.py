x = [3.0, 1.0, 2.0, 5.0, 4.0]
ordered = []
for number in x:
    place = sum(other > number for other in ordered)
    ordered.insert(place, number)
