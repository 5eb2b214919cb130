"""A precedence-climbing evaluator for arithmetic expressions."""

import operator
import re
from typing import NamedTuple

TOKEN = re.compile(r"\s*(?:(?P<number>\d+(?:\.\d+)?)|(?P<symbol>\*\*|[-+*/%()]))")


class Operator(NamedTuple):
    precedence: int
    is_right_associative: bool
    apply: object


OPERATORS = {
    "+": Operator(1, False, operator.add),
    "-": Operator(1, False, operator.sub),
    "*": Operator(2, False, operator.mul),
    "/": Operator(2, False, operator.truediv),
    "%": Operator(2, False, operator.mod),
    "**": Operator(4, True, operator.pow),
}
UNARY_PRECEDENCE = 3


def tokenize(text):
    position = 0
    text = text.rstrip()
    while position < len(text):
        match = TOKEN.match(text, position)
        if match is None:
            raise SyntaxError(f"unexpected {text[position]!r} at column {position + 1}")
        yield float(match["number"]) if match["number"] else match["symbol"]
        position = match.end()


class Evaluator:
    def __init__(self, text):
        self._tokens = list(tokenize(text))
        self._next = 0

    def evaluate(self):
        value = self._expression(0)
        if self._peek() is not None:
            raise SyntaxError(f"did not expect {self._peek()!r}")
        return value

    def _peek(self):
        return self._tokens[self._next] if self._next < len(self._tokens) else None

    def _advance(self):
        token = self._peek()
        self._next += 1
        return token

    def _expression(self, minimum):
        left = self._operand()
        while (found := OPERATORS.get(self._peek())) and found.precedence >= minimum:
            self._advance()
            right = self._expression(found.precedence + (not found.is_right_associative))
            left = found.apply(left, right)
        return left

    def _operand(self):
        token = self._advance()
        if token == "-":
            return -self._expression(UNARY_PRECEDENCE)
        if token == "(":
            value = self._expression(0)
            if self._advance() != ")":
                raise SyntaxError("missing closing bracket")
            return value
        if isinstance(token, float):
            return token
        raise SyntaxError("an operand is missing")
