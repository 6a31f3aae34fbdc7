# 4.6: oddiy Pythonda, torch va autogradsiz
x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = 1.0


class Multiply:
    """A node of the graph, as on the slides: values forward, slopes backward."""

    def forward(self, x, w):
        self.x, self.w = x, w
        return x * w

    def backward(self, from_above):
        return from_above * self.x


node = Multiply()


def gradient(x, y):
    s = node.forward(x, w) - y
    return node.backward(2 * s)


for epoch in range(10):
    for x, y in zip(x_soat, y_baho):
        w = w - 0.01 * gradient(x, y)
