def fast(values):
    seen = [0] * K
    count = 0
    for value in values:
        count += seen[-value % K]
        seen[value % K] += 1
    return count


def plain(values):
    size = len(values)
    return sum(
        (values[i] + values[j]) % K == 0 for i in range(size) for j in range(i + 1, size)
    )
