def fast(values):
    best = 0
    start = 0
    for end in range(len(values)):
        while max(values[start:end + 1]) - min(values[start:end + 1]) > K:
            start += 1
        best = max(best, end + 1 - start)
    return best


def plain(values):
    size = len(values)
    best = 0
    for i in range(size):
        for j in range(i + 1, size + 1):
            if max(values[i:j]) - min(values[i:j]) <= K:
                best = max(best, j - i)
    return best
