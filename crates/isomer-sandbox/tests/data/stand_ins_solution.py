import math, re, time
from collections import namedtuple, Counter
from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple


class BankError(Exception):
    def __init__(self, msg, code=7):
        super().__init__(msg)
        self.code = code


class Insufficient(BankError):
    pass


class Account:
    """An account."""

    rate = 0.5

    def __init__(self, n=0):
        self.n = n
        self.log = []

    def deposit(self, x):
        if x < 0:
            raise ValueError("negative amount")
        self.n += x
        self.log.append(x)
        return self.n

    def withdraw(self, x):
        if x > self.n:
            raise Insufficient("need %d" % (x - self.n), 3)
        self.n -= x

    @property
    def double(self):
        return self.n * 2

    @classmethod
    def rich(cls):
        return cls(10**6)

    @staticmethod
    def helper(a):
        return a + 1

    def __eq__(self, o):
        return isinstance(o, Account) and o.n == self.n

    def __hash__(self):
        return hash(self.n)

    def __len__(self):
        return len(self.log)

    def __iter__(self):
        return iter(self.log)

    def __contains__(self, x):
        return x in self.log

    def __getitem__(self, i):
        return self.log[i]

    def __add__(self, o):
        return Account(self.n + o.n)

    def __lt__(self, o):
        return self.n < o.n

    def __enter__(self):
        return self

    def __exit__(self, *a):
        self.n = -1

    def __repr__(self):
        return "Account(%d)" % self.n


class Savings(Account):
    pass


class Color(Enum):
    RED = 1
    BLUE = "b"

    def low(self):
        return self.name.lower()


P = namedtuple("P", "x y")


class Q(NamedTuple):
    a: int
    b: int = 5

    def total(self):
        return self.a + self.b


@dataclass
class D:
    a: int
    b: list = field(default_factory=list)


def add(a: int, b: int = 2) -> int:
    "Adds."
    return a + b


def mutate(l, d):
    l.append(d)
    d["k"] = l
    l.sort(key=str)
    return l


def apply(f, xs):
    return [f(x) for x in xs]


def gen(n):
    for i in range(n):
        got = yield i


def echo():
    x = yield 1
    while True:
        x = yield x * 2


def mk():
    return P(1, 2)


def say(x):
    print("hello", x)
    import sys

    print("err", file=sys.stderr)


def ask():
    return int(input("n? ")) + int(input())


def lines():
    import sys

    return [l.strip() for l in sys.stdin]


def color(n):
    return Color(n)


def recurse(n):
    return n if n == 0 else recurse(n - 1)


def adder(n):
    return lambda x: x + n


def now():
    return time.time()


def sleepy():
    time.sleep(100)
    return 1


def rnd():
    import random

    return random.random()


async def co(x):
    return x + 1


def warn():
    import warnings

    warnings.warn("old", DeprecationWarning)
    return 1


def log():
    import logging

    logging.getLogger("a").warning("lg %d", 5)


def envv():
    import os

    return os.environ.get("FOO")


def cwd():
    import os

    return os.getcwd()


def chain():
    try:
        {}["a"]
    except KeyError as e:
        raise RuntimeError("bad") from e


def jsonerr():
    import json

    json.loads("{")


def wr(p):
    open(p, "w").write("data")


def fetch(u):
    raise RuntimeError


def use_fetch():
    return fetch("x") + 1


COUNT = 0


def bump():
    global COUNT
    COUNT += 1
    return COUNT


CONFIG = {"a": [1, 2]}


def use_obj(o):
    return o.name.upper() + str(o.get(3))


def raiser(cb):
    try:
        cb()
    except ValueError as e:
        return "caught " + str(e)


def fact(n):
    if n < 0:
        raise ValueError
    return math.factorial(n)
