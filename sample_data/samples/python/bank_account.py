# A bank account: an exercise on classes.

class InsufficientFunds(Exception):
    pass


class BankAccount:
    # The constructor is called when an account is created.
    def __init__(self, owner, balance=0):
        self.owner = owner
        self.balance = balance
        self.history = []

    # Put money into the account.
    def deposit(self, amount):
        if amount <= 0:
            raise ValueError("You can only deposit a positive amount")
        self.balance = self.balance + amount
        self.history.append(("deposit", amount))

    # Take money out of the account.
    def withdraw(self, amount):
        if amount > self.balance:
            raise InsufficientFunds(f"{self.owner} has only {self.balance}")
        self.balance = self.balance - amount
        self.history.append(("withdraw", amount))

    # Print all that happened so far.
    def print_statement(self):
        print("Statement for", self.owner)
        for kind, amount in self.history:
            print(" -", kind, amount)
        print("Balance:", self.balance)


# Let us try it out!
account = BankAccount("Alice", 100)
account.deposit(50)
account.withdraw(30)
account.print_statement()

try:
    account.withdraw(1000)
except InsufficientFunds as error:
    print("Oh no:", error)
