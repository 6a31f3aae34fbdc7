x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = 1.0


def gradient(x, y):
    return 2 * x * (x * w - y)


history = []
for epoch in range(10):
    for x, y in zip(x_soat, y_baho):
        w = w - 0.01 * gradient(x, y)
    history.append(w)

for epoch, w in enumerate(history):
    print(epoch, w)
