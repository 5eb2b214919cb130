"""Where samples lie, and how many workers read them, changes no figure of diversity."""

import random
from collections.abc import Sequence
from pathlib import Path

from explorer.corpus.workspace import locate
from explorer.index.build import Wishes, build_index
from explorer.open_corpus.session import Session
from explorer.selection import Selection
from explorer.stats.groups import Group
from explorer.stats.jobs import PageWish, build_page
from explorer.stats.page import Page
from tests.corpora import Row, job, write
from tests.stats.human_and_not import WITH_GENERATORS, rows

GROUPS = (Group("made", Selection("origin = 'synthetic'")), Group("people", Selection("origin = 'human'")))


def page(directory: Path, *files: Sequence[Row], workers: int) -> Page:
    directory.mkdir()
    for number, part in enumerate(files):
        write(directory / f"part-{number}.parquet", part, group=50, schema=WITH_GENERATORS)
    place = locate(str(directory))
    build_index(place, Wishes(workers=workers, exact_tokens=False, signals="quick"))
    session = Session(place)
    try:
        return build_page(session, job(), PageWish("diversity", GROUPS))
    finally:
        session.close()


def test_neither_the_order_of_files_nor_the_workers_change_a_figure(tmp_path: Path) -> None:
    twice = [dict(row, path=f"again/{row['path']}") for row in rows() if row["origin"] == "synthetic"][:40]
    listed = [*rows(), *twice]
    shuffled = random.Random(5).sample(listed, len(listed))
    one = page(tmp_path / "one", listed, workers=0)
    other = page(tmp_path / "other", shuffled[:100], shuffled[100:], workers=2)
    assert one.groups[0].metrics["types"].value is not None
    assert other == one
