"""Looks over all files of a corpus once: which are fit, how each maps, and which columns of its own the index keeps."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from explorer.columns import ENGINE_NAMES, PUBLIC_NAMES
from explorer.corpus.columns import SCALARS, ColumnRef, column_refs
from explorer.corpus.files import CorpusFile, Quarantined
from explorer.corpus.mapping import FIELDS, ColumnMapping, NoText, find_mapping, resolve
from explorer.errors import BadInput

MAX_MEAN_TEXT = 400
"""Uncompressed bytes a row that a text column may take on average and still be copied into the index."""


@dataclass(frozen=True)
class OwnColumn:
    """A column of the corpus that the index keeps under a name of its own."""

    name: str
    """Its public name in `samples`."""
    source: str
    """Its dotted name in the files."""
    kind: str
    """Its type class: the same in every file that has it."""


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
    classes = _common_classes(mapped)
    names = _public_names(mapped, _short_texts(mapped))
    sources: list[SourceFile] = []
    for file, mapping in mapped:
        clash = _clash(file, mapping, classes)
        if clash:
            quarantined.append(Quarantined(file.name, clash))
        else:
            sources.append(SourceFile(file, mapping, _own_columns(file, mapping, names)))
    return Survey(tuple(sources), tuple(quarantined), _common_mapping(sources))


def _in_one_line(refusal: BadInput) -> str:
    title = refusal.title.rstrip(".")
    return title.replace("This corpus", "it", 1) if isinstance(refusal, NoText) else f"its mapping is open: {title}"


def _common_mapping(sources: list[SourceFile]) -> ColumnMapping:
    rows: Counter[ColumnMapping] = Counter()
    for source in sources:
        rows[source.mapping] += source.file.rows + 1
    return rows.most_common(1)[0][0] if rows else ColumnMapping(())


class _Slot(NamedTuple):
    """What columns of several files have in common: a mapped field, or a name whatever its case."""

    name: str
    rank: int
    """Tells columns of one file apart that differ in case only; -1 for a mapped field."""


_FIELD_RANK = -1


def _slots(file: CorpusFile) -> Iterator[tuple[_Slot, ColumnRef]]:
    """The columns of a file that a dotted name reaches, each with its slot."""
    refs = column_refs(file.schema, file.hive)
    ranks: Counter[str] = Counter()
    for ref in refs:
        if resolve(refs, ref.name) is ref:
            yield _Slot(ref.name.lower(), ranks[ref.name.lower()]), ref
            ranks[ref.name.lower()] += 1


def _column_classes(file: CorpusFile, mapping: ColumnMapping) -> dict[_Slot, str]:
    """The class of all a file gives to the index."""
    mapped = {name: field for field, name in mapping.columns}
    classes: dict[_Slot, str] = {}
    for slot, ref in _slots(file):
        field = mapped.get(ref.name)
        if field is None and _is_keepable(ref):
            classes[slot] = ref.kind
        elif field is not None and field not in ("content", "license"):
            classes[_Slot(field, _FIELD_RANK)] = ref.kind
    return {slot: kind for slot, kind in classes.items() if kind != "none"}


def _common_classes(mapped: list[tuple[CorpusFile, ColumnMapping]]) -> dict[_Slot, tuple[str, str]]:
    """For each column the class most files give it, with one file that does."""
    votes: dict[_Slot, Counter[str]] = defaultdict(Counter)
    example: dict[tuple[_Slot, str], str] = {}
    for file, mapping in mapped:
        for slot, kind in _column_classes(file, mapping).items():
            votes[slot][kind] += 1
            example.setdefault((slot, kind), file.name)
    return {slot: (kind := count.most_common(1)[0][0], example[slot, kind]) for slot, count in votes.items()}


def _clash(file: CorpusFile, mapping: ColumnMapping, classes: dict[_Slot, tuple[str, str]]) -> str:
    for slot, kind in _column_classes(file, mapping).items():
        usual, other = classes[slot]
        if kind != usual:
            column = mapping.as_dict()[slot.name] if slot.rank == _FIELD_RANK else slot.name
            return f"its column {column!r} is {kind}, but {usual} in {other}; nothing is converted unasked"
    return ""


def _is_keepable(ref: ColumnRef) -> bool:
    return ref.kind in SCALARS or ref.kind.startswith("list of ")


def _short_texts(mapped: list[tuple[CorpusFile, ColumnMapping]]) -> set[str]:
    """Top-level columns light enough for the index: their mean weight over the whole corpus decides."""
    rows: Counter[str] = Counter()
    weight: Counter[str] = Counter()
    for file, _ in mapped:
        for name, uncompressed in file.column_bytes:
            rows[name.lower()] += file.rows
            weight[name.lower()] += uncompressed
    return {name for name in rows if weight[name] <= MAX_MEAN_TEXT * max(rows[name], 1)}


def _public_names(mapped: list[tuple[CorpusFile, ColumnMapping]], kept_texts: set[str]) -> dict[_Slot, str]:
    """Names the columns that the index keeps, the same in every file and each unlike all others."""
    taken = {name.lower() for name in (*PUBLIC_NAMES, *ENGINE_NAMES)}
    names: dict[_Slot, str] = {}
    for file, mapping in mapped:
        for slot, ref in _own_slots(file, mapping):
            if slot not in names and (ref.is_hive or ref.path[0].lower() in kept_texts):
                names[slot] = _free_name(ref.name, taken)
                taken.add(names[slot].lower())
    return names


def _own_slots(file: CorpusFile, mapping: ColumnMapping) -> Iterator[tuple[_Slot, ColumnRef]]:
    """The columns of a file that `samples` does not show as a field of the same name already."""
    mapped_as = {name: field for field, name in mapping.columns}
    for slot, ref in _slots(file):
        field = mapped_as.get(ref.name)
        if _is_keepable(ref) and ref.kind != "none" and field not in ("content", ref.name.lower()):
            yield slot, ref


def _own_columns(file: CorpusFile, mapping: ColumnMapping, names: dict[_Slot, str]) -> tuple[OwnColumn, ...]:
    return tuple(OwnColumn(names[slot], ref.name, ref.kind) for slot, ref in _own_slots(file, mapping) if slot in names)


def _free_name(name: str, taken: set[str]) -> str:
    plain = f"given_{name}" if name.lower() in taken else name or "unnamed"
    free, number = plain, 2
    while free.lower() in taken:
        free, number = f"{plain}_{number}", number + 1
    return free


def describe_fields(mapping: ColumnMapping) -> dict[str, str | None]:
    """Returns every field with its column or None, for people and `--json`."""
    columns = mapping.as_dict()
    return {field: columns.get(field) for field in ("content", *FIELDS)}


__all__ = ["OwnColumn", "SourceFile", "Survey", "describe_fields", "resolve", "survey"]
