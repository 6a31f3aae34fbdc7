import csv

import numpy as np

with open("data/house_tiny.csv") as file:
    houses = list(csv.DictReader(file))

rooms = np.array([np.nan if house["NumRooms"] == "NA" else float(house["NumRooms"]) for house in houses])
rooms[np.isnan(rooms)] = 0
slates = np.array([house["RoofType"] == "Slate" for house in houses])
X = np.stack([rooms, slates], axis=1)
y = np.array([float(house["Price"]) for house in houses])


def mean_price(slate):
    return y[slates == slate].mean()
