X, y = [], []
known = []
for line in open("data/house_tiny.csv").read().splitlines()[1:]:
    rooms, roof, price = line.split(",")
    if rooms != "NA":
        known.append(int(rooms))
    X.append([rooms, 1 if roof == "Slate" else 0])
    y.append(float(price))
mean = sum(known) / len(known)
X = [[mean if rooms == "NA" else int(rooms), slate] for rooms, slate in X]


def mean_price(slate):
    chosen = [price for row, price in zip(X, y) if row[1] == slate]
    return sum(chosen) / len(chosen)
