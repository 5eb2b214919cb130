import logging
import queue
import threading

logger = logging.getLogger("pool")
STOP = object()


class WorkerPool:
    def __init__(self, size, handle, max_queue=100):
        self._jobs = queue.Queue(max_queue)
        self._handle = handle
        self._errors = []
        self._threads = [threading.Thread(target=self._run, name=f"worker-{i}", daemon=True) for i in range(size)]

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *exc_info):
        for _ in self._threads:
            self._jobs.put(STOP)
        for thread in self._threads:
            thread.join()

    def submit(self, job, timeout=None):
        self._jobs.put(job, timeout=timeout)

    @property
    def errors(self):
        return tuple(self._errors)

    def _run(self):
        while (job := self._jobs.get()) is not STOP:
            try:
                self._handle(job)
            except Exception as error:
                logger.exception("job %r failed", job)
                self._errors.append((job, error))
