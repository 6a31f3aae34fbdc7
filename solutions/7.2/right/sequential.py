from torch import nn


class DeepModel(nn.Module):
    def __init__(self, sizes):
        super(DeepModel, self).__init__()
        qatlamlar = []
        for i in range(len(sizes) - 1):
            qatlamlar.append(nn.Linear(sizes[i], sizes[i + 1]))
            if i < len(sizes) - 2:
                qatlamlar.append(nn.ReLU())
        self.net = nn.Sequential(*qatlamlar)

    def forward(self, x):
        return self.net(x)
