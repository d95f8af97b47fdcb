def fast(values):
    free, holding = 0, None
    for value in values:
        if holding is not None:
            free = max(free, holding + value - K)
        offer = free - value
        holding = offer if holding is None else max(holding, offer)
    return free


def plain(values):
    best = [0] * (len(values) + 1)
    for end in range(1, len(values) + 1):
        best[end] = best[end - 1]
        for start in range(end - 1):
            profit = values[end - 1] - values[start] - K
            best[end] = max(best[end], best[start] + profit)
    return best[-1]
