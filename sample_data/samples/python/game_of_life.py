from collections import Counter
from itertools import product

OFFSETS = [offset for offset in product((-1, 0, 1), repeat=2) if offset != (0, 0)]


def step(alive):
    counts = Counter((x + dx, y + dy) for x, y in alive for dx, dy in OFFSETS)
    return {cell for cell, n in counts.items() if n == 3 or n == 2 and cell in alive}


def parse(picture):
    return {(x, y) for y, line in enumerate(picture.splitlines()) for x, mark in enumerate(line) if mark == "#"}


def show(alive, width, height):
    return "\n".join("".join("#" if (x, y) in alive else "." for x in range(width)) for y in range(height))


GLIDER = """\
.#.
..#
###
"""

if __name__ == "__main__":
    cells = parse(GLIDER)
    for generation in range(5):
        print(f"generation {generation}")
        print(show(cells, 6, 6))
        cells = step(cells)
