"""Wraps paragraphs so that the right edge is as even as possible."""


def wrap(text, width):
    words = text.split()
    if not words:
        return []
    if max(map(len, words)) > width:
        raise ValueError("a word is longer than a line")
    count = len(words)
    best = [0.0] * (count + 1)
    breaks = [count] * (count + 1)
    for start in range(count - 1, -1, -1):
        best[start] = float("inf")
        length = -1
        for end in range(start, count):
            length += len(words[end]) + 1
            if length > width:
                break
            # the last line may be short for free
            penalty = 0 if end == count - 1 else (width - length) ** 2
            if penalty + best[end + 1] < best[start]:
                best[start] = penalty + best[end + 1]
                breaks[start] = end + 1
    lines = []
    position = 0
    while position < count:
        lines.append(" ".join(words[position : breaks[position]]))
        position = breaks[position]
    return lines
