import torch
import torch.nn.functional as F
from torch import nn, optim


class Model(nn.Module):
    def __init__(self, input_size=4, hidden_size=20, num_layers=1):
        super(Model, self).__init__()
        self.lstm = nn.LSTM(input_size, hidden_size, num_layers, batch_first=True)
        self.fc = nn.Linear(hidden_size, input_size)

    def forward(self, x):
        x = F.one_hot(x, 4).float()
        h0 = torch.zeros(1, x.size(0), 20)
        c0 = torch.zeros(1, x.size(0), 20)
        out, (hn, cn) = self.lstm(x, (h0, c0))
        return self.fc(out)


def train(x):
    model = Model()
    criterion = nn.CrossEntropyLoss()
    optimizer = optim.Adam(model.parameters(), lr=0.05)
    x_data, y_data = x[:, :-1], x[:, 1:]
    for epoch in range(80):
        optimizer.zero_grad()
        outputs = model(x_data)
        loss = criterion(outputs.reshape(-1, 4), y_data.reshape(-1))
        loss.backward()
        optimizer.step()
        if epoch % 20 == 0:
            topildi = (outputs.argmax(dim=2) == y_data).float().mean()
            print("epoch:", epoch, "xatolik:", loss.item(), "aniqlik:", topildi.item())
    return model
