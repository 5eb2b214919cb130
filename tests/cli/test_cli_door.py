"""All that commands say passes one door: no secret, and no character that a terminal acts on, whatever it goes to."""

import json
import re
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.cli.output import aligned, csv_lines, emit, emit_json, json_text, say
from explorer.corpus.workspace import Place
from explorer.safety.secret_rules import SOFT_KINDS
from tests.cli.conftest import Cli
from tests.corpora import indexed
from tests.signals.planted import PLANTED

FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f\x80-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
FORMS = [(before + secret + after, secret) for kind, before, secret, after in PLANTED if kind not in SOFT_KINDS]
COLUMNS = ("id", "path", "repo", "license", "own", "list")
SLICE = [pytest.param(FORMS[::20], id="some"), pytest.param(FORMS, id="all", marks=pytest.mark.campaign)]


@pytest.mark.parametrize("forms", SLICE)
def test_no_command_says_a_secret(cli: Cli, tmp_path: Path, forms: list[tuple[str, str]]) -> None:
    """The campaign, every form in every column: `python -m pytest -m campaign tests/cli/test_cli_door.py`."""
    place = tmp_path / "corpus"
    place.mkdir()
    rows: list[dict[str, Any]] = []
    for number, (whole, _) in enumerate([*forms, forms[0]]):
        text = "import os\n" + "".join(f"name_{number // 2}_{n} = first({n}, {number % 2})\n" for n in range(30))
        kept = whole if number < len(forms) else "twin"
        rows.append({"content": text, "tier": 1, "language": "Python", "list": [whole, whole]})
        rows[-1] |= dict.fromkeys(("path", "repo", "license", "own"), whole) | {"id": kept}
    pq.write_table(pa.Table.from_pylist(rows), place / "part.parquet")
    base = indexed(place).base
    said = ""
    for whole, _ in forms:
        for words in (("show", base, whole), ("show", base, whole, "--json"), ("history", base, "--id", whole)):
            said += "".join(cli(*words)[1:])
        said += "".join(cli("similar", base, whole)[1:]) + "".join(cli("cluster", base, whole)[1:])
    first = forms[0][0]
    listed = ("find", base, "--limit", "0", "--columns", ",".join(COLUMNS))
    for words in (
        ("info", base), ("info", base, "--json"), ("clusters", base), ("clusters", base, "--json"),
        ("stats", base), ("stats", base, "--json"), ("mix", base), ("mix", base, "--json"), ("label", base, "--where",
        f"id = '{first}'", "--note", "seen", "--json"), ("history", base), ("history", base, "--json"), listed,
        (*listed, "--json"), (*listed, "--format", "csv"), (*listed, "--format", "jsonl"), (*listed, "--raw"),
        ("find", base, f"nothing = '{first}'"), ("show", base, first + "."), (first,), ("find", first),
    ):  # fmt: skip
        said += "".join(cli(*words)[1:])
    leaked = [secret for _, secret in forms if secret in said or json.dumps(secret)[1:-1] in said]
    assert not leaked
    assert "•" in said
    assert first.splitlines()[0] in cli("show", base, first, "--unmasked").out
    assert cli("show", base, first, "--json").code == 0


def test_piped_text_is_visible_unless_raw(cli: Cli, odd_place: Place) -> None:
    base = odd_place.base
    names = ("--columns", "id,path,content", "--limit", "0")
    ids = [
        one["id"] for one in cli("find", base, "path like '%gpj%' or path like '%red.py'", "--json").document["rows"]
    ]
    assert ids
    for words in (
        ("info", base),
        ("find", base, *names),
        ("find", base, *names, "--format", "csv"),
        ("find", base, *names, "--format", "jsonl"),
        ("find", base, *names, "--json"),
        *(("show", base, sample) for sample in ids),
        *(("show", base, sample, "--json") for sample in ids),
        *(("similar", base, sample) for sample in ids),
        ("find", base, "\x1b]0;x\x07\x9b"),
        ("show", base, "\x1b[31m\u202e"),
    ):
        ran = cli(*words)
        assert not FORBIDDEN.search((ran.out + ran.err).replace("\r\n", "\n")), words
    raw = cli("find", base, *names, "--format", "csv", "--raw").out
    assert "\x1b]52;c;ZXZpbA==\x07" in raw
    hostile = cli("find", base, "content like '%52;c%'", "--columns", "id", "--json").document["rows"][0]["id"]
    assert "\x1b]52" in cli("show", base, hostile, "--raw").out
    assert "x" * 5000 in cli("find", base, *names, "--format", "csv").out


@given(st.text())
def test_no_text_gets_a_control_character_out(text: str) -> None:
    import contextlib
    import io

    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        emit(text)
        say(text)
        emit(aligned([(text, "x"), ("y", text)]))
        csv_lines(("a",), [{"a": text}])
        emit_json({text: [text]})
        out.write(json_text({text: text}) + "\n")
    assert not FORBIDDEN.search((out.getvalue() + err.getvalue()).replace("\r\n", "\n"))
    assert json.loads(out.getvalue().splitlines()[-1]) == {text: text}


def test_the_curator_is_told(cli: Cli, own: Path) -> None:
    sample = cli("find", own, "--columns", "id", "--limit", "1", "--json").document["rows"][0]["id"]
    where = ("--where", f"id = '{sample}'")
    ran = cli("label", own, *where, "--note", f"key {FORMS[0][1]}", "--reason", FORMS[1][1], "--json")
    assert ran.code == 0
    assert "The note holds a secret" in ran.err
    assert "The reason holds a secret" in ran.err
    said = cli("history", own, "--json").out + cli("show", own, sample).out + cli("show", own, sample, "--json").out
    kept = "".join(path.read_text("utf-8", "replace") for path in (own / ".corpus/labels").rglob("*.jsonl"))
    assert "•" in said
    assert not [one for _, one in FORMS[:2] if one in said + ran.out + ran.err + kept]
    assert not cli("label", own, *where, "--note", "plain").err
