import asyncio
from collections.abc import Awaitable, Callable
from urllib.parse import urljoin, urlsplit

Fetch = Callable[[str], Awaitable[tuple[int, list[str]]]]


class Crawler:
    """Visits the pages of one host, a bounded number at a time."""

    def __init__(self, fetch: Fetch, *, workers: int = 4, limit: int = 200) -> None:
        self._fetch = fetch
        self._workers = workers
        self._limit = limit
        self.statuses: dict[str, int] = {}

    async def run(self, start: str) -> dict[str, int]:
        self._host = urlsplit(start).netloc
        self._queue: asyncio.Queue[str] = asyncio.Queue()
        self._seen: set[str] = set()
        self._offer(start)
        tasks = [asyncio.create_task(self._work()) for _ in range(self._workers)]
        try:
            await self._queue.join()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        return self.statuses

    def _offer(self, url: str) -> None:
        url = url.partition("#")[0]
        if url in self._seen or urlsplit(url).netloc != self._host or len(self._seen) >= self._limit:
            return
        self._seen.add(url)
        self._queue.put_nowait(url)

    async def _work(self) -> None:
        while True:
            url = await self._queue.get()
            try:
                status, links = await self._fetch(url)
                self.statuses[url] = status
                for link in links:
                    self._offer(urljoin(url, link))
            except (OSError, asyncio.TimeoutError):
                self.statuses[url] = 0
            finally:
                self._queue.task_done()
