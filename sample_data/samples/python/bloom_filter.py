import hashlib
import math


class BloomFilter:
    """A set that may say yes wrongly, but never no."""

    def __init__(self, expected, false_positive_rate=0.01):
        self.bits = max(8, math.ceil(-expected * math.log(false_positive_rate) / math.log(2) ** 2))
        self.hashes = max(1, round(self.bits / expected * math.log(2)))
        self._array = bytearray(-(-self.bits // 8))

    def add(self, key):
        for place in self._places(key):
            self._array[place >> 3] |= 1 << (place & 7)

    def __contains__(self, key):
        return all(self._array[place >> 3] & 1 << (place & 7) for place in self._places(key))

    def _places(self, key):
        digest = hashlib.blake2b(str(key).encode(), digest_size=16).digest()
        first = int.from_bytes(digest[:8], "little")
        second = int.from_bytes(digest[8:], "little") | 1
        return ((first + index * second) % self.bits for index in range(self.hashes))

    @property
    def fill(self):
        return sum(byte.bit_count() for byte in self._array) / self.bits
