"""The columns of a batch say what the functions say of its texts."""

from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer.safety import find_hazards
from explorer.safety.batches import MOST_WEAKNESSES, personal_kinds, secret_kinds, weakness_lines
from explorer.safety.personal import UNCOUNTED_KINDS, find_personal
from explorer.safety.secrets import find_secrets
from explorer.safety.weakness_rules import WEIGHTS, family_of
from explorer.safety.weaknesses import find_weaknesses
from tests.signals.planted import HARD, PLANTED
from tests.signals.test_personal import FOUND
from tests.signals.weakness_cases import CASES

TYPES = {
    "secrets": pa.list_(pa.string()),
    "secret_count": pa.int32(),
    "personal": pa.list_(pa.string()),
    "personal_count": pa.int32(),
    "weaknesses": pa.list_(pa.struct({"rule": pa.string(), "severity": pa.string(), "line": pa.int32()})),
    "weakness_density": pa.float32(),
}
LANGUAGES = [None, "Python", "python", "js", "C", "PHP", "Markdown", ""]
PIECES = [
    *("".join(planted[1:]) for planted in PLANTED),
    *FOUND,
    *(line for case in CASES for line in case[1:]),
    "",
    " ",
    "é",
]

rows = st.tuples(st.none() | st.lists(st.sampled_from(PIECES), max_size=5).map("\n".join), st.sampled_from(LANGUAGES))


def batch(samples: list[tuple[str | None, str | None]], *, paths: list[str] | None = None) -> pa.RecordBatch:
    content = pa.array([text.encode() if text is not None else None for text, _ in samples], pa.large_binary())
    columns: dict[str, Any] = {
        "content": content,
        "language": pa.array([name for _, name in samples], pa.large_string()),
    }
    if paths:
        columns["path"] = pa.array(paths, pa.large_string())
    return pa.RecordBatch.from_pydict(columns)


def expected(text: str | None, language: str | None) -> dict[str, Any]:
    if text is None:
        return dict.fromkeys(TYPES)
    raw = text.encode()
    secrets, personal = find_secrets(raw), find_personal(raw)
    weaknesses = find_weaknesses(raw, language)
    lines = sum(any(byte > 32 for byte in line) for line in raw.split(b"\n"))
    is_ruled = family_of(language) is not None
    return {
        "secrets": sorted({secret.kind for secret in secrets}),
        "secret_count": sum(not secret.soft for secret in secrets),
        "personal": sorted({one.kind for one in personal}),
        "personal_count": sum(one.kind not in UNCOUNTED_KINDS for one in personal),
        "weaknesses": [one._asdict() for one in weaknesses[:MOST_WEAKNESSES]] if is_ruled else None,
        "weakness_density": pytest.approx(100 * sum(WEIGHTS[one.severity] for one in weaknesses) / lines)
        if is_ruled and lines
        else None,
    }


USUAL = {"python": "Python", "js": "JavaScript", "": None}


@settings(max_examples=60, deadline=None)
@given(st.lists(rows, max_size=6))
def test_the_columns_agree_with_the_functions(samples: list[tuple[str | None, str | None]]) -> None:
    told = find_hazards(batch(samples))

    assert dict(zip(told.schema.names, told.schema.types, strict=True)) == TYPES
    for row, (text, language) in zip(told.to_pylist(), samples, strict=True):
        assert row == expected(text, USUAL.get(language or "", language))


def test_a_slice_of_a_batch_is_read_as_itself() -> None:
    samples: list[tuple[str | None, str | None]] = [("eval(x)", "Python"), (None, None), ("gets(x);", "C"), ("x", "C")]

    assert find_hazards(batch(samples).slice(1, 2)).to_pylist() == find_hazards(batch(samples)).to_pylist()[1:3]


def test_each_part_stands_alone() -> None:
    samples: list[tuple[str | None, str | None]] = [
        (f"eval(x)\n{HARD['npm token'][0]}\njane@mail.org", "Python"),
        (None, "C"),
    ]
    whole = find_hazards(batch(samples)).to_pydict()

    for function in (secret_kinds, personal_kinds, weakness_lines):
        part = function(batch(samples)).to_pydict()
        assert part == {name: whole[name] for name in part}


def test_a_language_is_known_by_its_path() -> None:
    (row,) = weakness_lines(batch([("gets(line);\n\n  \nx\n", None)], paths=["a/b.c"])).to_pylist()

    assert row == {
        "weaknesses": [{"rule": "gets", "severity": "high", "line": 1}],
        "weakness_density": pytest.approx(150),
    }


def test_no_sample_lists_more_than_twenty() -> None:
    (row,) = weakness_lines(batch([("eval(x)\n" * 50, "Python")])).to_pylist()

    assert [one["line"] for one in row["weaknesses"]] == list(range(1, MOST_WEAKNESSES + 1))
    assert row["weakness_density"] == pytest.approx(300)


def test_secrets_do_not_spill_from_row_to_row() -> None:
    token = HARD["npm token"][0]
    told = secret_kinds(batch([(token[:20], None), (token[20:], None), (f"x{token}", None), (token, None)]))

    assert told.column("secret_count").to_pylist() == [0, 0, 0, 1]


def test_an_empty_batch_has_no_rows() -> None:
    assert find_hazards(batch([])).num_rows == 0
