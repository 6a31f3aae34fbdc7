import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):

    def __init__(self):
        super(Net, self).__init__()
        self.conv1 = nn.Conv2d(1, 4, kernel_size=3)
        self.conv2 = nn.Conv2d(4, 6, kernel_size=3)
        self.mp = nn.MaxPool2d(2)
        self.fc = nn.Linear(24, 3)

    def forward(self, x):
        in_size = x.size(0)
        x = F.relu(self.mp(self.conv1(x)))
        x = F.relu(self.mp(self.conv2(x)))
        x = x.view(in_size, -1)  # flatten the tensor
        x = self.fc(x)
        return x


def count_parameters(model):
    jami = 0
    for nomi, parametr in model.named_parameters():
        soni = 1
        for tomon in parametr.size():
            soni = soni * tomon
        print(nomi, tuple(parametr.size()), soni)
        jami += soni
    return jami
