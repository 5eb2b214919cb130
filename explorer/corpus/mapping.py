"""Finds which column of a corpus is the code, its path, its repository …, by name and type; asks where that is open."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from explorer.corpus.columns import ColumnRef
from explorer.errors import BadInput

_PLAIN = ("text",)
_TEXT_OR_NUMBER = ("text", "integer", "unsigned integer", "float", "decimal")
_NAME = (*_TEXT_OR_NUMBER, "uuid", "bytes")


@dataclass(frozen=True)
class _Field:
    """What a mapped field may be called in a corpus, best first, and of which class it must be."""

    names: tuple[str, ...]
    kinds: tuple[str, ...]


FIELDS: dict[str, _Field] = {
    "id": _Field(
        ("id", "sample_id", "row_id", "doc_id", "document_id", "uuid", "uid", "hexsha", "blob_id", "seq_id"),
        _NAME,
    ),
    "path": _Field(
        (
            "path",
            "file_path",
            "filepath",
            "rel_path",
            "max_stars_repo_path",
            "func_path_in_repository",
            "new_file",
            "filename",
            "file_name",
        ),
        _PLAIN,
    ),
    "repo": _Field(
        (
            "repo_name",
            "repository_name",
            "max_stars_repo_name",
            "repo",
            "repository",
            "repo_full_name",
            "repos",
            "project",
        ),
        _PLAIN,
    ),
    "language": _Field(("language", "lang", "programming_language"), _PLAIN),
    "license": _Field(
        (
            "license",
            "licence",
            "licenses",
            "licences",
            "detected_licenses",
            "max_stars_repo_licenses",
            "license_expression",
        ),
        ("text", "list of text"),
    ),
    "created": _Field(
        ("created", "created_at", "committer_date", "commit_date", "revision_date", "author_date", "timestamp", "date"),
        ("time", "text"),
    ),
    "tier": _Field(("tier", "quality_tier"), _TEXT_OR_NUMBER),
    "origin": _Field(("origin",), _PLAIN),
    "origin_evidence": _Field(("origin_evidence",), _PLAIN),
}
"""The fields beside `content` that a corpus may fill."""

TEXT_KINDS = ("text", "chat")

_KNOWN_SCHEMAS: tuple[tuple[frozenset[str], str], ...] = tuple(
    (frozenset(signature.split()), content)
    for signature, content in (
        ("whole_func_string func_code_string func_documentation_string", "whole_func_string"),
        ("original_string code code_tokens docstring", "original_string"),
        ("old_contents new_contents commit message", "new_contents"),
        ("seed problem solution", "solution"),
        ("problem solution", "solution"),
        ("instruction output code", "code"),
        ("instruction output", "output"),
        ("input output unit_tests", "output"),
        ("prompt completion", "completion"),
        ("question answer", "answer"),
    )
)
"""Published layouts with several texts a row: the columns that tell them, and which one holds the code to train on."""

_STRONG = (
    "content",
    "contents",
    "code",
    "text",
    "source_code",
    "file_content",
    "body",
    "snippet",
    "messages",
    "conversations",
)
"""Names that mean the sample's text when just one of them is there."""

_ID_NAMES = (
    "blob_id",
    "content_id",
    "swhid",
    "commit_id",
    "revision_id",
    "snapshot_id",
    "rel_path",
    "url",
    "sha",
    "hexsha",
)
"""Names that show a corpus of references: the text lies somewhere else."""


@dataclass(frozen=True)
class ColumnMapping:
    """The columns a corpus's fields are read from, by dotted name; `content` is always there."""

    columns: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, columns: Mapping[str, str]) -> "ColumnMapping":
        """Makes a mapping from plain names."""
        return cls(tuple(columns.items()))

    def as_dict(self) -> dict[str, str]:
        """Returns field → column, as `--json` shows it."""
        return dict(self.columns)


class NoText(BadInput):
    """The corpus holds no text to look at."""


def find_mapping(refs: Iterable[ColumnRef], wishes: Mapping[str, str] | None = None) -> ColumnMapping:
    """Finds the column of each field; `wishes` (from `--map`) come first.

    Raises NoText where no column holds text, BadInput where several could and none is the known one, or a wish names
    a column that is not there.
    """
    offered = tuple(refs)
    wanted = dict(wishes or {})
    found = {"content": _content_column(offered, wanted.pop("content", None))}
    for field, spec in FIELDS.items():
        column = _wished(offered, field, wanted.pop(field)) if field in wanted else _first_named(offered, spec)
        if column is not None and column.name != found["content"]:
            found[field] = column.name
    if wanted:
        raise BadInput(f"There is no field {next(iter(wanted))!r} to map.", f"Fields are content, {', '.join(FIELDS)}.")
    return ColumnMapping.of(found)


def resolve(refs: Iterable[ColumnRef], name: str) -> ColumnRef | None:
    """Finds the column a dotted name means: the exact name, outermost first, else the only one that differs in case."""
    offered = tuple(refs)
    exact = [ref for ref in offered if ref.name == name]
    if exact:
        return min(exact, key=lambda ref: len(ref.path))
    alike = [ref for ref in offered if ref.name.lower() == name.lower()]
    return alike[0] if len(alike) == 1 else None


def _wished(offered: tuple[ColumnRef, ...], field: str, name: str) -> ColumnRef:
    ref = resolve(offered, name)
    if ref is None:
        raise BadInput(f"--map {field}={name}: there is no column {name!r}.", f"Columns are {_listed(offered)}.")
    kinds = FIELDS[field].kinds if field in FIELDS else TEXT_KINDS
    if ref.kind not in kinds and ref.kind != "none":
        raise BadInput(
            f"--map {field}={name}: the column is {ref.kind}, not {' or '.join(kinds)}.", "Name another column."
        )
    return ref


def _content_column(offered: tuple[ColumnRef, ...], wish: str | None) -> str:
    if wish is not None:
        return _wished(offered, "content", wish).name
    texts = [ref for ref in offered if ref.kind in TEXT_KINDS and not ref.is_hive]
    return _known_content(texts) or _only_strong_content(texts) or _refuse(offered, texts)


def _known_content(texts: list[ColumnRef]) -> str | None:
    by_name = {ref.name.lower(): ref.name for ref in texts}
    there = _lower_names(texts)
    for signature, content in _KNOWN_SCHEMAS:
        strong = {name for name in _STRONG if name in there} - signature
        if signature - {"code_tokens"} <= there and not strong:
            return by_name[content]
    return None


def _lower_names(refs: Iterable[ColumnRef]) -> set[str]:
    return {ref.name.lower() for ref in refs}


def _only_strong_content(texts: list[ColumnRef]) -> str | None:
    strong = [ref for ref in texts if ref.path[-1].lower() in _STRONG]
    top = [ref for ref in strong if len(ref.path) == 1]
    best = top or strong
    return best[0].name if len(best) == 1 else None


def _refuse(offered: tuple[ColumnRef, ...], texts: list[ColumnRef]) -> str:
    known = {name for spec in FIELDS.values() for name in spec.names}
    strong = [ref for ref in texts if ref.path[-1].lower() in _STRONG]
    candidates = strong or [ref for ref in texts if ref.path[-1].lower() not in known and not _is_reference(ref)]
    ids = [ref.name for ref in offered if ref.path[-1].lower() in _ID_NAMES]
    if candidates and (strong or not ids):
        names = ", ".join(ref.name for ref in candidates[:8])
        raise BadInput(
            f"Several columns could hold the code: {names}."
            if len(candidates) > 1
            else f"Only {names} could hold the code, and its name does not say so.",
            f"Say which with --map content={candidates[0].name}.",
        )
    if ids:
        raise NoText(
            f"This corpus holds ids only ({', '.join(ids[:4])}), no text.",
            "Fetch the contents these ids stand for into a text column and index that; "
            "if a column here is the text, name it with --map content=COLUMN.",
        )
    raise NoText(
        f"This corpus has no text column (its columns: {_kinds_listed(offered) or 'none'}).",
        "Index files whose samples stand in a column of text; "
        "if a column here is the text, name it with --map content=COLUMN.",
    )


def _is_reference(ref: ColumnRef) -> bool:
    name = ref.path[-1].lower()
    return name in _ID_NAMES or name.endswith(("_id", "_date", "_url", "_at", "_name", "_sha", "hexsha"))


def _first_named(offered: tuple[ColumnRef, ...], spec: _Field) -> ColumnRef | None:
    fitting = [ref for ref in offered if ref.kind in spec.kinds]
    for name in spec.names:
        named = [ref for ref in fitting if ref.path[-1].lower() == name]
        closest = min((len(ref.path) for ref in named), default=0)
        outermost = [ref for ref in named if len(ref.path) == closest]
        if len(outermost) == 1:
            return outermost[0]
    return None


def _kinds_listed(refs: tuple[ColumnRef, ...]) -> str:
    return ", ".join(f"{ref.name} {ref.kind}" for ref in refs[:6]) + (" …" if len(refs) > 6 else "")


def _listed(refs: Iterable[ColumnRef]) -> str:
    names = [ref.name for ref in refs]
    return ", ".join(names[:12]) + (" …" if len(names) > 12 else "")
