def merge(intervals):
    """Merge overlapping half-open intervals.

    >>> merge([(5, 8), (1, 3), (2, 4)])
    [(1, 4), (5, 8)]
    >>> merge([])
    []
    """
    merged = []
    for start, end in sorted(intervals):
        if end <= start:
            raise ValueError(f"empty interval: {start}..{end}")
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


def gaps(intervals, low, high):
    """List what the intervals leave free between low and high.

    >>> gaps([(2, 4), (6, 7)], 0, 10)
    [(0, 2), (4, 6), (7, 10)]
    """
    free = []
    position = low
    for start, end in merge(intervals):
        if start > position:
            free.append((position, min(start, high)))
        position = max(position, end)
        if position >= high:
            break
    if position < high:
        free.append((position, high))
    return free


if __name__ == "__main__":
    import doctest

    raise SystemExit(doctest.testmod().failed)
