import unittest

from money import Money


class MoneyTest(unittest.TestCase):
    def test_parse_rounds_half_to_even(self):
        self.assertEqual(Money.parse("0.125", "EUR").amount, 12)
        self.assertEqual(Money.parse("0.135", "EUR").amount, 14)

    def test_yen_have_no_cents(self):
        self.assertEqual(str(Money.parse("1500", "JPY")), "1500 JPY")

    def test_split_loses_nothing(self):
        shares = Money.parse("10.00", "EUR").split(3)
        self.assertEqual([share.amount for share in shares], [334, 333, 333])
        self.assertEqual(sum(share.amount for share in shares), 1000)

    def test_currencies_do_not_mix(self):
        with self.assertRaises(TypeError):
            Money(1, "EUR") + Money(1, "USD")


if __name__ == "__main__":
    unittest.main()
