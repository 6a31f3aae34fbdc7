import torch


class Model(torch.nn.Module):
    """y = x * w"""

    def __init__(self):
        super().__init__()
        self.w = torch.nn.Parameter(torch.tensor([1.0]))

    def forward(self, x):
        return x * self.w


x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]

model = Model()
w = model.w
forward = model.forward


def loss(y_pred, y):
    return (y_pred - y) ** 2


optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
for epoch in range(10):
    for x, y in zip(x_soat, y_baho):
        optimizer.zero_grad()
        loss(model(x), y).backward()
        optimizer.step()
