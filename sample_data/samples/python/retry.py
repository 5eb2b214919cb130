"""Retry a call with exponential backoff and full jitter."""

import functools
import logging
import random
import time

log = logging.getLogger(__name__)


def retry(*exceptions, attempts=5, base=0.1, ceiling=10.0, sleep=time.sleep):
    if attempts < 1:
        raise ValueError("at least one attempt is needed")

    def decorate(function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            for attempt in range(1, attempts + 1):
                try:
                    return function(*args, **kwargs)
                except exceptions as error:
                    if attempt == attempts:
                        raise
                    pause = random.uniform(0, min(ceiling, base * 2**attempt))
                    log.warning("%s failed (%s), attempt %d of %d, waiting %.2f s",
                                function.__name__, error, attempt, attempts, pause)
                    sleep(pause)

        return wrapper

    return decorate


@retry(OSError, attempts=3)
def read_settings(path):
    with open(path, encoding="utf-8") as handle:
        return handle.read()
