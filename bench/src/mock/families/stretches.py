def fast(values):
    seen = [0] * K
    seen[0] = 1
    total = 0
    count = 0
    for value in values:
        total = (total + value) % K
        count += seen[total]
        seen[total] += 1
    return count


def plain(values):
    size = len(values)
    return sum(
        sum(values[i:j]) % K == 0 for i in range(size) for j in range(i + 1, size + 1)
    )
