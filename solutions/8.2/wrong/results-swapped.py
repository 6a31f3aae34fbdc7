from torch.utils.data import Dataset


class GradesDataset(Dataset):
    def __init__(self, table):
        self.x, self.y = table[:, :-1], table[:, [-1]]

    def __len__(self):
        return len(self.x)

    def __getitem__(self, i):
        return self.y[i], self.x[i]
