import math


def total(numbers: list[int], *, limit: int = 10) -> int:
    """Adds up all numbers that are not above `limit`."""
