# 8.2: method-missing
from torch.utils.data import Dataset


class GradesDataset(Dataset):
    def __init__(self, table):
        self.x = table[:, :-1]
        self.y = table[:, -1:]

    def __len__(self):
        return self.x.size(0)

    def __getitems__(self, i):
        return self.x[i], self.y[i]
