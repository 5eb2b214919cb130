def distance(a: str, b: str) -> int:
    """Edits (insert, delete, replace) that turn one text into the other."""
    if len(a) < len(b):
        a, b = b, a
    previous = list(range(len(b) + 1))
    for i, left in enumerate(a, 1):
        current = [i]
        for j, right in enumerate(b, 1):
            current.append(min(previous[j] + 1, current[-1] + 1, previous[j - 1] + (left != right)))
        previous = current
    return previous[-1]


def closest(word: str, choices: list[str], at_most: int = 2) -> str | None:
    scored = sorted((distance(word, choice), choice) for choice in choices)
    return scored[0][1] if scored and scored[0][0] <= at_most else None
