"""The page that says what samples may be used for, and on what evidence."""

from typing import Any

from explorer.job import Job
from explorer.open_corpus.session import Session
from explorer.stats.jobs import PageWish
from explorer.stats.page import Metric, Page
from explorer.stats.tables import Counting, name_of, ratio_of

EVIDENCE = (
    ("head of the file", "header_license is not null"),
    ("nearest licence file", "nearest_license is not null"),
    ("the corpus's own word", "stated_license is not null"),
    ("none of the three", "header_license is null and nearest_license is null and stated_license is null"),
)
DUTIES = (
    ("evidence in conflict", "license_conflict"),
    ("attribution required", "attribution_required"),
)


def build(session: Session, job: Job, wish: PageWish) -> Page:
    """Builds the page from stored columns."""
    counting = Counting(session, job, wish.groups)
    classes = counting.by_value("license_class", name=_class, order=lambda value: value == "unknown")
    duties = counting.held(DUTIES)
    sections = (
        counting.table(
            "Classes",
            "class",
            classes,
            words=("Unknown is a class of its own and never permissive. This is evidence, no legal advice.",),
        ),
        counting.table("Licences", "licence", counting.by_value("license", name=_licence)),
        counting.table("Conflicts and duties", "", duties),
        counting.table(
            "Evidence",
            "kind",
            counting.held(EVIDENCE),
            words=("A sample with several kinds of evidence counts at each.",),
        ),
    )
    metrics = [
        {
            **{
                f"license_class_{line.label.replace(' ', '_')}": Metric(
                    ratio_of(line.counts[place].tokens, total.tokens)
                )
                for line in classes
            },
            "license_conflict": Metric(ratio_of(duties[0].counts[place].tokens, total.tokens)),
            "attribution_required": Metric(ratio_of(duties[1].counts[place].tokens, total.tokens)),
        }
        for place, total in enumerate(counting.totals)
    ]
    return Page("licences", "Licences", counting.figures(metrics), sections)


def _class(value: Any) -> str:
    return name_of(value).replace("_", " ")


def _licence(value: Any) -> str:
    return "not known" if value is None else name_of(value)
