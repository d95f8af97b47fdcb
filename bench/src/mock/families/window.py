def fast(values):
    size = min(K, len(values))
    total = sum(values[:size])
    best = total
    for index in range(size, len(values)):
        total += values[index] - values[index - size]
        best = max(best, total)
    return best


def plain(values):
    size = min(K, len(values))
    return max(sum(values[start:start + size]) for start in range(len(values) - size + 1))
