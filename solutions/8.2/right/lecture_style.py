import torch
from torch.utils.data import Dataset


class GradesDataset(Dataset):
    """Baholar maʼlumotlari"""

    # Maʼlumotlarni tayyorlash
    def __init__(self, table):
        xy = table
        self.len = xy.shape[0]
        self.x_data = xy[:, 0:-1]
        self.y_data = xy[:, [-1]]
        print("oʻlcham:", self.x_data.shape, self.y_data.shape)

    def __getitem__(self, index):
        return self.x_data[index], self.y_data[index]

    def __len__(self):
        return self.len
