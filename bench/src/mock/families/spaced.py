def fast(values):
    best = [0] * (len(values) + 1)
    for index, value in enumerate(values):
        before = best[max(0, index + 1 - K)]
        best[index + 1] = max(best[index], before + value)
    return best[-1]


def plain(values):
    def total(start):
        if start >= len(values):
            return 0
        return max(total(start + 1), values[start] + total(start + K))

    return total(0)
