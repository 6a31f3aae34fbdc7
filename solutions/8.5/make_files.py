import random


def make_files(seed):
    draw = random.Random(seed)
    rows = []
    for place in range(draw.randint(6, 9)):
        # Two at least are not known, and three are.
        hours = "" if place in (1, 4) or (place > 5 and draw.random() < 0.5) else f"{draw.randint(8, 90) / 2:g}"
        rows.append(f"{hours},{draw.randint(0, 12)},{draw.randint(30, 100)}")
    return {"students.csv": "\n".join(["hours,exercises,grade", *rows]) + "\n"}
