def total(numbers):
    return sum(numbers)


def parse(text):
    return dict(pair.split("=") for pair in text.split(","))


def largest(numbers, key):
    return max(numbers, key=key)


class Account:
    def __init__(self, balance):
        if balance < 0:
            raise ValueError("negative balance")
        self.balance = balance

    def deposit(self, amount):
        self.balance += amount
