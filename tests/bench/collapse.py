"""How long the page on diversity and collapse takes over real text, against only decoding the same column."""

import time
from collections.abc import Mapping

import pyarrow.parquet as pq

from explorer.corpus.workspace import locate
from explorer.index.build import Wishes, build_index
from explorer.job import Job
from explorer.open_corpus.session import Session
from explorer.selection import Selection
from explorer.stats.groups import Group
from explorer.stats.jobs import PageWish, build_page
from tests.bench._common import cache_of, emit, median_seconds, parser
from tests.bench._corpora import text_corpus

GROUPS = (
    Group("one half", Selection("bytes % 2 = 0")),
    Group("other", Selection("bytes % 2 = 1")),
)


def main() -> None:
    """Measures and prints."""
    options = parser(__doc__, runs=1).parse_args()
    megabytes = 4 if options.quick else 100
    with cache_of(options) as folder:
        path = text_corpus(folder, megabytes)
        place = locate(str(path.parent))
        build_index(place, Wishes(workers=0, exact_tokens=False, signals="quick"))
        decoding = median_seconds(lambda: pq.read_table(path, columns=["content"], use_threads=False), options.runs)
        session = Session(place)
        first, told, reports = _page(session)
        again, _, _ = _page(session)
        session.close()
    emit(
        "collapse",
        {
            "text_mb": float(megabytes),
            "page": {"seconds": first},
            "first_word": {"seconds": told},
            "kept_page": {"seconds": again},
            "words": {"rows": reports},
        },
        reference={"decoding": {"seconds": decoding}},
        ratio=first / decoding,
        quick=options.quick,
    )


def _page(session: Session) -> tuple[float, float, int]:
    """Returns the seconds of the page, those until the first word of progress, and how many words there were."""
    words: list[float] = []
    start = time.perf_counter()

    def hear(progress: Mapping[str, object]) -> None:
        words.append(time.perf_counter() - start)

    build_page(session, Job(report=hear), PageWish("diversity", GROUPS))
    seconds = time.perf_counter() - start
    return seconds, words[0] if words else seconds, len(words)


if __name__ == "__main__":
    main()
