def fast(values):
    longest = []
    for index, value in enumerate(values):
        shorter = [longest[j] for j in range(index) if values[j] + K <= value]
        longest.append(1 + max(shorter, default=0))
    return max(longest, default=0)


def plain(values):
    def extend(start, last):
        if start == len(values):
            return 0
        best = extend(start + 1, last)
        if last is None or values[start] >= last + K:
            best = max(best, 1 + extend(start + 1, values[start]))
        return best

    return extend(0, None)
