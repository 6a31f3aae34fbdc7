import random

ROOFS = ("Slate", "Tile", "NA")


def make_files(seed):
    draw = random.Random(seed)
    # One house of each kind at least, in any order.
    rooms = ["NA", "NA", 1, *(draw.choice(["NA", 2, 3, 4, 5, 6]) for _ in range(draw.randint(6, 9)))]
    draw.shuffle(rooms)
    roofs = [*ROOFS, *(draw.choice(ROOFS) for _ in rooms[len(ROOFS) :])]
    draw.shuffle(roofs)
    lines = [f"{count},{roof},{draw.randrange(80_000, 300_000)}" for count, roof in zip(rooms, roofs)]
    return {"data/house_tiny.csv": "\n".join(["NumRooms,RoofType,Price", *lines]) + "\n"}
