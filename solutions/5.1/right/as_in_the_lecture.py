import torch
from torch.autograd import Variable


class LinearModel(torch.nn.Module):
    def __init__(self, kirishlar):
        """Bitta chiziqli qatlam"""
        super(LinearModel, self).__init__()
        self.chiziqli = torch.nn.Linear(kirishlar, 1)

    def forward(self, x):
        y_pred = self.chiziqli(x)
        return y_pred


model = LinearModel(1)
soat = Variable(torch.Tensor([[4.0]]))
print("bashorat (oldin)", 4, model(soat).data[0][0])
