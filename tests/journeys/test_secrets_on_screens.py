"""Keys in every column of a corpus: no screen shows one, no file of the workspace's settings keeps one."""

import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from explorer.corpus.workspace import locate
from explorer.safety.secret_rules import SOFT_KINDS
from tests.corpora import indexed
from tests.journeys.story import labels_of
from tests.journeys.terminal import Terminal, corpus_open
from tests.signals.planted import PLANTED

FORMS = [
    (before + secret + after, secret)
    for kind, before, secret, after in PLANTED
    if kind not in SOFT_KINDS and "\n" not in secret and "\r" not in secret and "\\" not in secret
]
SLICE = [pytest.param(FORMS[::9], id="some"), pytest.param(FORMS, id="all", marks=pytest.mark.campaign)]


def corpus_with(directory: Path, forms: list[tuple[str, str]]) -> Path:
    """Two samples alike for each form, which stands in every column."""
    rows: list[dict[str, Any]] = []
    for number in range(2 * len(forms)):
        whole = forms[number // 2][0]
        text = "".join(f"name_{number // 2}_{line} = first({line}, {number // 2})\n" for line in range(30))
        rows.append({"id": f"{whole} {number}", "content": text, "tier": 1, "language": "Python", "own": whole})
        rows[-1] |= dict.fromkeys(("path", "repo", "license"), whole)
    directory.mkdir()
    pq.write_table(pa.Table.from_pylist(rows), directory / f"{forms[0][0].replace('/', '_')}.parquet")
    return indexed(directory).base


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals here")
@pytest.mark.parametrize("forms", SLICE)
def test_no_screen_shows_a_secret(tmp_path: Path, forms: list[tuple[str, str]]) -> None:
    """The campaign: `python -m pytest -m campaign tests/journeys/test_secrets_on_screens.py`."""
    base = corpus_with(tmp_path / "corpus", forms)
    shown: list[str] = []
    with Terminal(corpus_open(base), (160, 45)) as terminal:

        def step(keys: str, text: str) -> None:
            terminal.send(keys)
            terminal.until(text)
            shown.append(terminal.text)

        step("", forms[0][1][:4] + "•")
        for _ in range(2 * len(forms) - 1):
            step("j", "•")
        step("y", "content into a file")
        step("\r", "The id was copied")
        step("3", "labelled")
        step("t", "empty takes it back")
        terminal.send(f"see {forms[1][0]}\r")
        terminal.until("holds a secret")
        terminal.until("labelled · all saved")
        shown.append(terminal.text)
        for keys, text in (("c", "survivor"), ("%", "tier"), ("w", "effective"), ("b", "labelled")):
            step(keys, text)
        terminal.send("q")
        assert terminal.end() == 0
    raw = bytes(terminal.raw).decode("utf-8", "replace")
    for _, secret in forms:
        assert secret not in raw
        assert secret[5:15] not in "".join(shown)
    for name in ("state.json", "reader.log", "explorer.log"):
        kept = base / ".corpus" / name
        assert not kept.exists() or not [secret for _, secret in forms if secret in kept.read_text()]
    notes = [label.note for label in labels_of(locate(str(base))).values() if label.note]
    assert len(notes) == 1
    assert "•" in notes[0]
    assert forms[1][1] not in notes[0]
