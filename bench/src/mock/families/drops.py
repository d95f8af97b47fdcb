def fast(values):
    from bisect import bisect_right, insort
    earlier = []
    count = 0
    for value in values:
        count += len(earlier) - bisect_right(earlier, value + K)
        insort(earlier, value)
    return count


def plain(values):
    size = len(values)
    return sum(values[i] > values[j] + K for i in range(size) for j in range(i + 1, size))
