"""What most programs do at all, once: what the interpreter makes when it is first wanted is made
here, instead of by each program."""

import math
from collections import Counter, defaultdict, deque


class Node:
    kind: int = 0

    def __init__(self, value, *rest, name=None, **named):
        self.value, self.rest = value, [one for one in rest if one]

    @property
    def double(self):
        return self.value * 2

    def walk(self):
        yield from (one for one in self.rest)


def solve(words):
    global total
    total, seen = 0, {}
    for index, word in enumerate(words):
        try:
            number = int(word)
        except ValueError as error:
            continue
        finally:
            pass
        if number % 2 == 0 and number not in seen or number < -1:
            seen[number] = seen.get(number, 0) + 1
        elif not seen:
            break
        else:
            total += number**2
        while number > 10:
            number //= 10
    assert total >= 0, "squares"
    return max(seen, key=lambda key: (seen[key], -key), default=None)


with open("/dev/null") as nothing, open("/dev/null", "w") as nowhere:
    words = nothing.readline().split() or "1 2 3 x 40".split()
    print(solve(words), *sorted({1, 2}), sep=" ", file=nowhere)
    print(f"{total:>5} {math.pi:.3f} {Node(3, 4).double!r}", "%d" % sum(map(int, words[:2])), file=nowhere, flush=True)
    try:
        words = input().split()
    except EOFError:
        pass
    try:
        del words, undefined
    except NameError as error:
        print(type(error).__name__, error, file=nowhere)
