from collections import defaultdict
from typing import Any, Callable, DefaultDict, List

Handler = Callable[[Any], None]


class EventBus(object):
    """
    A very simple synchronous event bus.

    Usage:
        bus = EventBus()
        bus.subscribe("user.created", send_mail)
        bus.publish("user.created", {"id": 1})
    """

    def __init__(self) -> None:
        self._handlers: DefaultDict[str, List[Handler]] = defaultdict(list)
        self._failures: List[Exception] = []

    def subscribe(self, topic: str, handler: Handler) -> Callable[[], None]:
        """Register a handler, return a function that removes it again."""
        self._handlers[topic].append(handler)

        def unsubscribe() -> None:
            if handler in self._handlers[topic]:
                self._handlers[topic].remove(handler)

        return unsubscribe

    def publish(self, topic: str, payload: Any = None) -> int:
        """Call all handlers of the topic, return how many succeeded."""
        succeeded = 0
        # iterate over a copy, a handler may unsubscribe itself
        for handler in list(self._handlers[topic]):
            try:
                handler(payload)
                succeeded += 1
            except Exception as e:
                self._failures.append(e)
        return succeeded

    @property
    def failures(self) -> List[Exception]:
        return list(self._failures)
