from fractions import Fraction

x_soat = [1, 2, 3]
y_baho = [2, 4, 6]
w = 1


def gradient(x, y):
    return 2 * (w * x - y) * x


for epoch in range(10):
    for x, y in zip(x_soat, y_baho):
        w = w - gradient(x, y) / 100
print("w =", Fraction(w).limit_denominator(1000))
