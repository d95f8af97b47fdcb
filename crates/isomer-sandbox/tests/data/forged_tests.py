"""The sum of numbers is 6."""

import pytest
from solution import Account, largest, parse, total

EXPECTED = 6
SECRET = "sum of numbers is 6"


def test_total():
    assert total([1, 2, 3]) == EXPECTED


def test_order():
    assert 3 < total([1, 2, 3]) <= EXPECTED


def test_float():
    assert total([0.5, 0.25]) == pytest.approx(0.75)


def test_near():
    assert abs(total([0.5, 0.25]) - 0.75) < 1e-9


def test_unequal():
    assert total([1]) != total([2])
    assert total([1]) != 2


def test_parse():
    assert parse("a=1") == {"a": "1"}
    assert "a" in parse("a=1") and "b" not in parse("a=1")
    assert len(parse("a=1")) == 1
    assert isinstance(parse("a=1"), dict)


def test_callback():
    assert largest([3, -5, 4], key=lambda number: abs(number)) == -5


def test_account():
    account = Account(5)
    account.deposit(3)
    assert account.balance == 8


def test_error():
    with pytest.raises(ValueError, match="negative"):
        Account(-1)
