from decimal import Decimal


def total(text: str) -> Decimal:
    """Add up the second column."""
    ...
