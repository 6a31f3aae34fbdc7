import torch


class Model(torch.nn.Module):

    def __init__(self):
        super(Model, self).__init__()
        self.l3 = torch.nn.Linear(4, 1)
        self.l2 = torch.nn.Linear(6, 4)
        self.l1 = torch.nn.Linear(8, 6)

        self.sigmoid = torch.nn.Sigmoid()

    def forward(self, x):
        out1 = self.sigmoid(self.l1(x))
        out2 = self.sigmoid(self.l2(out1))
        y_pred = self.sigmoid(self.l3(out2))
        return y_pred


model = Model()
