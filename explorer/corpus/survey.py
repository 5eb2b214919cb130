"""Looks over all files of a corpus once: which are fit, how each maps, and which columns of its own the index keeps."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from explorer.columns import ENGINE_NAMES, PUBLIC_NAMES
from explorer.corpus.columns import MOST_LEVELS, ColumnRef, column_refs, joined_class, levels
from explorer.corpus.files import CorpusFile, Quarantined
from explorer.corpus.mapping import FIELDS, ColumnMapping, NoText, find_mapping, resolve
from explorer.errors import BadInput
from queries.names import free_name

MAX_MEAN_TEXT = 400
"""Uncompressed bytes a row that a text column may take on average and still be copied into the index."""

MAX_OWN = 500
"""Columns of its own that the index of a corpus keeps at most."""


@dataclass(frozen=True)
class OwnColumn:
    """A column of the corpus that the index keeps under a name of its own."""

    name: str
    """Its public name in `samples`."""
    source: str
    """Its dotted name in the files."""
    kind: str
    """The type class that holds its values in all files."""


class NotKept(NamedTuple):
    """A column that the index does not keep, of some files or of all."""

    column: str
    reason: str
    files: tuple[str, ...]


@dataclass(frozen=True)
class SourceFile:
    """A fit file with its own mapping."""

    file: CorpusFile
    mapping: ColumnMapping
    own: tuple[OwnColumn, ...]

    def refs(self) -> tuple[ColumnRef, ...]:
        """What the rows of the file offer."""
        return column_refs(self.file.schema, self.file.hive)


@dataclass(frozen=True)
class Survey:
    """What a corpus is made of."""

    sources: tuple[SourceFile, ...]
    quarantined: tuple[Quarantined, ...]
    mapping: ColumnMapping
    """The mapping most rows share: what `info` shows."""
    not_kept: tuple[NotKept, ...] = ()

    @property
    def own(self) -> tuple[OwnColumn, ...]:
        """All columns of the corpus's own, each once."""
        return tuple({column.name: column for source in self.sources for column in source.own}.values())


def survey(files: Iterable[CorpusFile], wishes: Mapping[str, str] | None = None) -> Survey:
    """Maps every file and sorts out those that do not fit.

    Raises the refusal itself (NoText, BadInput) when every file is refused for the same reason.
    """
    mapped: list[tuple[CorpusFile, ColumnMapping]] = []
    quarantined: list[Quarantined] = []
    refusals: dict[str, BadInput] = {}
    for file in files:
        try:
            mapped.append((file, find_mapping(column_refs(file.schema, file.hive), wishes)))
        except BadInput as refusal:
            refusals[refusal.title] = refusal
            quarantined.append(Quarantined(file.name, _in_one_line(refusal)))
    if not mapped and len(refusals) == 1:
        raise next(iter(refusals.values()))
    kept = _Kept(mapped)
    sources = [SourceFile(file, mapping, kept.columns_of(file, mapping)) for file, mapping in mapped]
    return Survey(tuple(sources), tuple(quarantined), _common_mapping(sources), kept.not_kept())


def _in_one_line(refusal: BadInput) -> str:
    title = refusal.title.rstrip(".")
    return title.replace("This corpus", "it", 1) if isinstance(refusal, NoText) else f"its mapping is open: {title}"


def _common_mapping(sources: list[SourceFile]) -> ColumnMapping:
    rows: Counter[ColumnMapping] = Counter()
    for source in sources:
        rows[source.mapping] += source.file.rows + 1
    return rows.most_common(1)[0][0] if rows else ColumnMapping(())


def unread_fields(sources: Sequence[SourceFile]) -> list[tuple[str, str]]:
    """Returns the fields that a column is named for which cannot fill them, each with the own column that keeps it."""
    found = {
        (field, own.name): None
        for source in sources
        for own in source.own
        for field, spec in FIELDS.items()
        if own.source.rpartition(".")[2].lower() in spec.names and field not in source.mapping.as_dict()
    }
    return list(found)


class _Slot(NamedTuple):
    """What columns of several files have in common: a name, in any case."""

    name: str
    rank: int
    """Tells columns of one file apart that differ in case only."""


Mapped = Sequence[tuple[CorpusFile, ColumnMapping]]


class _Kept:
    """The columns of its own that the index of a corpus keeps: a name and a class for each, the same in every file."""

    def __init__(self, mapped: Mapped) -> None:
        self._lost: dict[tuple[str, str], list[str]] = defaultdict(list)
        self._short = _short_texts(mapped)
        self._kinds: dict[_Slot, str] = {}
        self._names: dict[_Slot, str] = {}
        taken = {name.lower() for name in (*PUBLIC_NAMES, *ENGINE_NAMES)}
        for slot, ref in self._by_votes(mapped):
            joined = joined_class(self._kinds.get(slot, "none"), ref.kind)
            self._kinds[slot] = joined or self._kinds[slot]
            if slot not in self._names:
                self._names[slot] = _own_name(ref.name, taken)
                taken.add(self._names[slot].lower())

    def _by_votes(self, mapped: Mapped) -> Iterator[tuple[_Slot, ColumnRef]]:
        """Yields the columns to keep, those of the class that most files have first where classes differ."""
        found = [(slot, ref) for file, mapping in mapped for slot, ref in self._fitting(file, mapping)]
        votes = Counter((slot, ref.kind) for slot, ref in found)
        order = {slot: place for place, slot in enumerate(dict.fromkeys(slot for slot, _ in found))}
        found.sort(key=lambda each: (order[each[0]], -votes[each[0], each[1].kind]))
        yield from ((slot, ref) for slot, ref in found if order[slot] < MAX_OWN)
        for slot, place in order.items():
            if place >= MAX_OWN:
                self._lost[slot.name, f"at most {MAX_OWN:,} columns are kept"].append("")

    def _fitting(self, file: CorpusFile, mapping: ColumnMapping) -> Iterator[tuple[_Slot, ColumnRef]]:
        for slot, ref in _own_slots(file, mapping):
            reason = self._too_large(file, ref)
            if reason:
                self._lost[ref.name, reason].append(file.name)
            else:
                yield slot, ref

    def _too_large(self, file: CorpusFile, ref: ColumnRef) -> str:
        if ref.is_hive:
            return ""
        if ref.kind == "nested" and levels(file.schema.field(ref.path[0]).type) > MOST_LEVELS:
            return f"it is nested more than {MOST_LEVELS} levels deep"
        is_short = ref.path[0].lower() in self._short
        return "" if is_short else f"its values take more than {MAX_MEAN_TEXT} bytes on average"

    def columns_of(self, file: CorpusFile, mapping: ColumnMapping) -> tuple[OwnColumn, ...]:
        """Returns the columns that the index keeps of a file; notes those that do not join with the other files."""
        found: list[OwnColumn] = []
        for slot, ref in _own_slots(file, mapping):
            if slot not in self._names or self._too_large(file, ref):
                continue
            kind = self._kinds[slot]
            if joined_class(kind, ref.kind) == kind:
                found.append(OwnColumn(self._names[slot], ref.name, kind))
            else:
                self._lost[ref.name, f"it is {ref.kind} here, but {kind} in other files"].append(file.name)
        return tuple(found)

    def not_kept(self) -> tuple[NotKept, ...]:
        """Returns what is not kept, each column and reason once."""
        return tuple(NotKept(*key, tuple(filter(None, files))) for key, files in self._lost.items())


def _own_slots(file: CorpusFile, mapping: ColumnMapping) -> Iterator[tuple[_Slot, ColumnRef]]:
    """Yields the columns of a file that a dotted name reaches and `samples` does not show as a field of that name."""
    refs = column_refs(file.schema, file.hive)
    mapped_as = {name: field for field, name in mapping.columns}
    reached: dict[str, ColumnRef] = {}
    for ref in sorted(refs, key=lambda each: len(each.path)):
        reached.setdefault(ref.name, ref)
    ranks: Counter[str] = Counter()
    for ref in refs:
        if reached[ref.name] is not ref:
            continue
        slot = _Slot(ref.name.lower(), ranks[ref.name.lower()])
        ranks[ref.name.lower()] += 1
        if ref.kind != "none" and mapped_as.get(ref.name) not in ("content", ref.name.lower()):
            yield slot, replace(ref, kind="nested") if ref.kind == "chat" else ref


def _short_texts(mapped: Mapped) -> set[str]:
    """Top-level columns light enough for the index: their mean weight over the whole corpus decides."""
    rows: Counter[str] = Counter()
    weight: Counter[str] = Counter()
    for file, _ in mapped:
        for name, uncompressed in file.column_bytes:
            rows[name.lower()] += file.rows
            weight[name.lower()] += uncompressed
    return {name for name in rows if weight[name] <= MAX_MEAN_TEXT * max(rows[name], 1)}


def _own_name(name: str, taken: set[str]) -> str:
    return free_name(f"given_{name}" if name.lower() in taken else name or "unnamed", taken)


def describe_fields(mapping: ColumnMapping) -> dict[str, str | None]:
    """Returns every field with its column or None, for people and `--json`."""
    columns = mapping.as_dict()
    return {field: columns.get(field) for field in ("content", *FIELDS)}


__all__ = ["OwnColumn", "SourceFile", "Survey", "describe_fields", "resolve", "survey"]
