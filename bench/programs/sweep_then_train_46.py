# 4.6: right
x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]


def forward(x):
    return x * w


def loss(x, y):
    return (forward(x) - y) ** 2


for w in [0.0, 1.0, 2.0, 3.0, 4.0]:
    print(w, sum(loss(x, y) for x, y in zip(x_soat, y_baho)) / 3)

w = 1.0


def gradient(x, y):
    return 2 * x * (x * w - y)


for epoch in range(10):
    for x, y in zip(x_soat, y_baho):
        w = w - 0.01 * gradient(x, y)
