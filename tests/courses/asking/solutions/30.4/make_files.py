import random


def make_files(seed):
    draw = random.Random(seed)
    letters = draw.sample("abdeilmnorsuz", 6)
    return {"names.txt": "\n".join("".join(draw.choices(letters, k=draw.randint(2, 6))) for _ in range(12))}
