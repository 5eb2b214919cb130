import heapq


def shortest_paths(graph, source):
    """Distances from the source, and the predecessor of every reached node."""
    distances = {source: 0}
    predecessors = {}
    settled = set()
    frontier = [(0, source)]
    while frontier:
        distance, node = heapq.heappop(frontier)
        if node in settled:
            continue
        settled.add(node)
        for neighbour, cost in graph.get(node, {}).items():
            if cost < 0:
                raise ValueError(f"negative cost on {node} -> {neighbour}")
            candidate = distance + cost
            if candidate < distances.get(neighbour, float("inf")):
                distances[neighbour] = candidate
                predecessors[neighbour] = node
                heapq.heappush(frontier, (candidate, neighbour))
    return distances, predecessors


def path_to(target, predecessors):
    path = [target]
    while path[-1] in predecessors:
        path.append(predecessors[path[-1]])
    return path[::-1]


if __name__ == "__main__":
    roads = {
        "Bern": {"Thun": 31, "Fribourg": 34, "Zurich": 125},
        "Fribourg": {"Lausanne": 73},
        "Thun": {"Interlaken": 28},
        "Lausanne": {"Geneva": 62},
    }
    lengths, before = shortest_paths(roads, "Bern")
    print(lengths["Geneva"], " > ".join(path_to("Geneva", before)))
