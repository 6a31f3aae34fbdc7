import torch
import torch.nn.functional as F


class LogisticModel(torch.nn.Module):
    def __init__(self, kirishlar):
        super(LogisticModel, self).__init__()
        self.chiziqli = torch.nn.Linear(kirishlar, 1)

    def forward(self, x):
        y_pred = F.sigmoid(self.chiziqli(x))
        return y_pred

    def predict(self, x):
        with torch.no_grad():
            p = self.forward(x)
        return torch.where(p > 0.5, 1, 0)
