import threading
import time


class TokenBucket:
    """Lets through `rate` calls a second on average and bursts of `capacity`."""

    def __init__(self, rate, capacity, clock=time.monotonic):
        self._rate = rate
        self._capacity = capacity
        self._tokens = capacity
        self._clock = clock
        self._updated = clock()
        self._lock = threading.Lock()

    def try_acquire(self, tokens=1):
        with self._lock:
            self._refill()
            if tokens > self._tokens:
                return False
            self._tokens -= tokens
            return True

    def wait_time(self, tokens=1):
        with self._lock:
            self._refill()
            missing = max(0, tokens - self._tokens)
            return missing / self._rate

    def _refill(self):
        now = self._clock()
        self._tokens = min(self._capacity, self._tokens + (now - self._updated) * self._rate)
        self._updated = now
