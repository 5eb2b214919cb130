"""A corpus of planted families of near-duplicates, and what clusters are by definition, in plain Python."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import combinations
from pathlib import Path
from typing import Any, NamedTuple

from explorer.corpus.workspace import Place, locate
from explorer.fingerprints.policy import Policy
from explorer.index.build import Wishes, build_index
from explorer.open_corpus.session import Session
from tests.corpora import Row, job, row, write

FLOOR = 0.6
CLASSES = ("public domain", "permissive", "weak copyleft", "copyleft", "source available", "unknown")
CRITERIA = ("verdict", "tier", "license", "quality", "tests", "newest", "longest", "id")


# ---- texts


def words(family: str, first: int, last: int, *, gap: str = " ") -> str:
    """A text of numbered words; two windows of one family are as like as they overlap."""
    return gap.join(f"{family}{number}" for number in range(first, last)) + "\n"


def planted_rows() -> list[Row]:
    """Chains, near and exact copies, copies but for blanks, cliques with a bridge, and texts that stand alone."""
    texts: list[str | bytes] = [words("chain", 12 * step, 12 * step + 100) for step in range(7)]
    texts += [words("copy", 0, 90)] * 3 + [words("copy", 3, 93)] * 2 + [words("copy", 0, 90) + "tail of another kind\n"]
    texts += [words("blank", 0, 40), words("blank", 0, 40, gap="\n\t"), words("blank", 0, 40, gap="   ")]
    texts += ["only three words\n", "only\tthree\n\nwords", "only three words\n", "only three word\n"]
    texts += [words("clique", shift, shift + 100) for shift in (0, 1, 2, 3)]
    texts += [words("clique", shift, shift + 100) for shift in (20, 21, 22)]
    texts += [words("bytes", 0, 60).encode() + b"\xff\xfe", words("bytes", 1, 60), words("bytes", 2, 60)]
    texts += [b"\xfe" + words("broken", 0, 50).encode(), b"\xfe" + words("broken", 0, 51).encode()]
    texts += ["", "", "\n \n", "\n \n", words("near", 0, 100), words("near", 8, 108), words("near", 16, 110)]
    texts += [words("alone", 0, 50), words("lonely", 0, 50), "x = 1\n"]
    return [_described(number, text) for number, text in enumerate(texts)]


def _described(number: int, text: str | bytes) -> Row:
    licences = ("MIT", None, "GPL-3.0-only", "MPL-2.0", "Unlicense", "nonsense licence")
    return row(
        text,
        path=f"tests/test_{number}.py" if number % 11 == 0 else f"src/{number}.py",
        repo=("ann/tools", "bob/site", "cy/lib", None, "dee/app", "eve/kit", "fay/net")[number % 7],
        language=("Python", "Rust", None)[number % 3],
        license=licences[number % 6],
        tier=(4, None, 2, 3, None, 1, 4, 4)[number % 8],
        origin=("human", "synthetic", None, "mixed", "human")[number % 5],
        created=None if number % 4 == 0 else datetime(2024, 1, 1) + timedelta(days=(number * 37) % 90),
        stars=number,
    )


def family_corpus(directory: Path, *files: Sequence[Row], threshold: float | None = FLOOR) -> Place:
    """Writes each list of rows to a file of its own and compares them down to a similarity."""
    directory.mkdir(parents=True, exist_ok=True)
    for number, rows in enumerate(files):
        write(directory / f"part-{number}.parquet", rows)
    return compared(directory, threshold)


def compared(directory: Path, threshold: float | None = None) -> Place:
    """Indexes what lies in a directory, compared down to a similarity."""
    place = locate(str(directory))
    build_index(place, Wishes(workers=0, content="source", exact_tokens=False, threshold=threshold))
    return place


# ---- similarity


def shingles(text: bytes) -> frozenset[tuple[bytes, ...]]:
    """Five consecutive tokens each."""
    tokens = re.findall(rb"[A-Za-z0-9_\x80-\xff]+", text)
    return frozenset(zip(*(tokens[start:] for start in range(5)), strict=False)) if len(tokens) > 4 else frozenset()


def jaccard(one: frozenset[Any], other: frozenset[Any]) -> float:
    return len(one & other) / len(one | other) if one or other else 0.0


def content_key(text: bytes) -> bytes:
    """What tells one content from another: for texts too short to compare blanks make no difference."""
    squeezed = b" ".join(text.split())
    return text if shingles(text) or not squeezed else b"squeezed " + squeezed


# ---- clusters


class Standing(NamedTuple):
    """What the view says of a sample and its cluster."""

    cluster: int | None
    cluster_size: int
    survivor: bool
    similarity: float | None
    direct: bool | None
    redundant: bool


@dataclass
class Sample:
    """A sample as the definition sees it."""

    row: int
    id: str
    text: bytes
    tier: int | None
    license_class: str
    tested: bool
    created: datetime | None
    tokens: int
    valid_utf8: bool
    quality: float | None
    label: dict[str, Any] = field(default_factory=dict[str, Any])

    @property
    def drawable(self) -> bool:
        return self.valid_utf8 and self.tokens > 0 and self.label.get("verdict") != "drop"

    @property
    def shown_tier(self) -> int | None:
        return self.label.get("tier") or self.tier

    @property
    def judged(self) -> dict[str, str]:
        text = str(self.label.get("cluster_verdict") or "")
        return {name: part for name, _, part in (word.partition(":") for word in text.split())}

    def rank(self, criterion: str) -> Any:  # noqa: C901 (one case a criterion)
        """The lower the better."""
        match criterion:
            case "verdict":
                return {"keep": 0, "drop": 2}.get(self.label.get("verdict") or "", 1)
            case "tier":
                return self.shown_tier or 9
            case "license":
                return CLASSES.index(self.license_class)
            case "tests":
                return not self.tested
            case "newest":
                return -(self.created - datetime(1, 1, 1)).total_seconds() if self.created else float("inf")
            case "longest":
                return -len(self.text)
            case "quality":
                return 1.0 if self.quality is None else -self.quality
            case "id":
                return self.id
            case _:
                return 0

    def precedence(self, order: Iterable[str]) -> tuple[Any, ...]:
        chosen = self.label.get("survivor") == "yes"
        return (
            not self.drawable,
            not chosen,
            self.shown_tier is None,
            *(self.rank(criterion) for criterion in order),
            self.id,
        )


class Definition:
    """Clusters worked out from nothing but texts, metadata and labels."""

    def __init__(self, session: Session, floor: float = FLOOR) -> None:
        names = ("id", "tier", "license_class", "path", "repo", "created", "tokens", "valid_utf8", "quality")
        page = session.page(job(), None, 0, session.samples, names)
        known = [dict(zip(names, values, strict=True)) for _, *values in page]
        tested = {one["repo"] for one in known if one["repo"] and "tests/" in (one["path"] or "")}
        self.samples = [
            Sample(
                number,
                one["id"],
                session.content.read(number),
                one["tier"],
                one["license_class"],
                one["repo"] in tested,
                one["created"],
                one["tokens"],
                one["valid_utf8"],
                one["quality"],
            )
            for number, one in enumerate(known)
        ]
        self.floor = floor
        self._keys = [content_key(sample.text) for sample in self.samples]
        sets = {key: shingles(sample.text) for key, sample in zip(self._keys, self.samples, strict=True)}
        self.alike = {frozenset((one, other)): jaccard(sets[one], sets[other]) for one, other in combinations(sets, 2)}
        self._origins = self._groups(floor, judged=False)
        least = sorted(min(sample.id for sample in group) for group in self._origins if len(group) > 1)
        self.numbers = {first: number for number, first in enumerate(least, 1)}

    def similarity(self, one: Sample, other: Sample) -> float:
        keys = frozenset((self._keys[one.row], self._keys[other.row]))
        return self.alike[keys] if len(keys) == 2 else 1.0

    def _groups(self, threshold: float, *, judged: bool) -> list[list[Sample]]:
        holders: defaultdict[bytes, list[Sample]] = defaultdict(list)
        for sample, key in zip(self.samples, self._keys, strict=True):
            holders[key].append(sample)
        verdicts = {key: {n: p for one in found for n, p in one.judged.items()} for key, found in holders.items()}
        root = {key: key for key in holders}
        for (one, other), similarity in ((tuple(pair), value) for pair, value in self.alike.items()):
            parted = judged and any(verdicts[other].get(name, part) != part for name, part in verdicts[one].items())
            if similarity >= threshold and not parted:
                old, new = root[one], root[other]
                root = {key: new if top == old else top for key, top in root.items()}
        groups: defaultdict[bytes, list[Sample]] = defaultdict(list)
        for key, found in holders.items():
            groups[root[key]] += found
        return list(groups.values())

    def standings(self, policy: Policy) -> list[Standing]:
        """What the view should say of every sample, in row order."""
        found: dict[int, Standing] = {}
        for group in self._groups(policy.threshold, judged=True):
            survivor = min(group, key=lambda sample: sample.precedence(policy.order))
            for sample in group:
                found[sample.row] = self._standing(sample, group, survivor, policy)
        return [found[number] for number in range(len(self.samples))]

    def _standing(self, sample: Sample, group: list[Sample], survivor: Sample, policy: Policy) -> Standing:
        if len(group) == 1:
            return Standing(None, 1, True, None, None, False)
        similarity = self.similarity(sample, survivor)
        direct = similarity >= policy.threshold
        judged, of_survivor = self._judged(sample), self._judged(survivor)
        is_confirmed = any(part == "=" for _, part in judged.items() & of_survivor.items())
        is_parted = any(of_survivor.get(name, part) != part for name, part in judged.items())
        goes = (direct or not policy.keeps_chains or is_confirmed) and not is_parted
        redundant = sample is not survivor and goes and sample.label.get("verdict") != "keep"
        return Standing(self._number(group), len(group), sample is survivor, similarity, direct, redundant)

    def _judged(self, sample: Sample) -> dict[str, str]:
        """What was judged of a sample's content, by whichever copy of it."""
        copies = (one for one in self.samples if self._keys[one.row] == self._keys[sample.row])
        return {name: part for one in copies for name, part in one.judged.items()}

    def _number(self, group: list[Sample]) -> int:
        first = min(group, key=lambda sample: sample.id)
        origin = next(group for group in self._origins if first in group)
        least = min(sample.id for sample in origin)
        return self.numbers[least] if first.id == least else len(self.numbers) + 1 + first.row

    def eligible(self, policy: Policy, untiered: bool) -> dict[int, int]:
        """Row to tier of what a mix may draw: of each content the best of those that are not left out.

        Where the survivor is one without a tier and a mix draws none of these, the best other one stands for a cluster.
        """
        standings = self.standings(policy)
        able = [sample for sample in self.samples if sample.drawable and (untiered or sample.shown_tier)]
        kept = [sample for sample in able if not standings[sample.row].redundant]
        spoken_for = {standings[sample.row].cluster for sample in kept}
        silent: defaultdict[int | None, list[Sample]] = defaultdict(list)
        for sample in able:
            if standings[sample.row].redundant and standings[sample.row].cluster not in spoken_for:
                silent[standings[sample.row].cluster].append(sample)
        by_text: defaultdict[bytes, list[Sample]] = defaultdict(list)
        for sample in [*kept, *(min(found, key=lambda s: (s.shown_tier or 9, s.id)) for found in silent.values())]:
            by_text[sample.text].append(sample)
        best = (
            min(found, key=lambda s: (s.label.get("verdict") != "keep", s.shown_tier or 9, s.id))
            for found in by_text.values()
        )
        return {sample.row: sample.shown_tier or 0 for sample in best}


def shown(session: Session) -> list[Standing]:
    """What the view says of every sample, in row order."""
    page = session.page(job(), None, 0, session.samples, Standing._fields)
    return [Standing(*values) for _, *values in page]


def key_of(session: Session, number: int) -> dict[str, Any]:
    """What a label of a row is attached by."""
    sample = session.sample(job(), number)
    return {"id": sample["id"], "sha256": sample["sha256"]}


def lay(session: Session, definition: Definition, changes: Mapping[int, Mapping[str, Any]]) -> None:
    """Labels some rows, in the session and in the definition; fields not named stay as they are."""
    labels: list[dict[str, Any]] = []
    for number, fields in changes.items():
        definition.samples[number].label |= fields
        labels.append({**key_of(session, number), **definition.samples[number].label})
    session.set_labels(job(), labels)
