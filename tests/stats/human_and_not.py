"""A corpus of human code in forty repositories, and of what a generator that forgets rare words makes of it."""

from datetime import datetime
from functools import cache
from pathlib import Path

import pyarrow as pa

from explorer.corpus.workspace import Place
from tests.corpora import SCHEMA, Row, indexed, row, write
from tests.diversity.human_code import forgetful, texts

REPOSITORIES, FILES = 40, 6
HUMAN = "origin = 'human' and tier <= 2"
WITH_GENERATORS = SCHEMA.append(pa.field("generator", pa.string())).append(pa.field("lineage_depth", pa.int32()))


@cache
def rows() -> tuple[Row, ...]:
    human, rest = texts()[: REPOSITORIES * FILES], texts()[REPOSITORIES * FILES : 2 * REPOSITORIES * FILES]
    made = forgetful(rest, 0.9, 1.0, 1)
    before, after = datetime(2021, 5, 1), datetime(2024, 5, 1)
    known = {"language": "Python", "license": "MIT"}
    return (
        *(
            row(text, path=f"{place}.py", repo=f"people/{place % REPOSITORIES}", tier=1 + place % 2, origin="human",
                created=before, generator=None, lineage_depth=None, **known)
            for place, text in enumerate(human)
        ),
        *(
            row(text, path=f"made/{place}.py", repo=None, tier=4, origin="synthetic", created=after,
                generator="large" if place % 10 else "small", lineage_depth=1 + place % 3, **known)
            for place, text in enumerate(made)
        ),
        *(row(text, path=f"few/{place}.py", repo=f"few/{place % 5}", tier=2, origin="human", created=None,
              language="Go", license="MIT") for place, text in enumerate(human[:20])),
    )  # fmt: skip


def corpus(directory: Path) -> Place:
    directory.mkdir(parents=True)
    write(directory / "samples.parquet", rows(), group=200, schema=WITH_GENERATORS)
    return indexed(directory)
