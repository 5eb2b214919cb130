"""A secret that is typed is masked before it reaches a file, and what is shown of it is masked too."""

from pathlib import Path

import pytest

import widgets.visible as shown
from explorer.labels.book import LabelBook
from explorer.labels.decisions import SampleRef
from explorer.safety.masking import mask_values
from explorer.safety.secret_rules import PRIVATE_KEY
from explorer.screens.shared.state import SavedState
from tests.signals.planted import HARD, PLANTED

ONE_LINE = [secret for kind, secrets in HARD.items() if kind != PRIVATE_KEY for secret in secrets]


@pytest.fixture
def hiding(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shown, "_hide", shown._hide)
    shown.hide_with(mask_values)


def everything_in(directory: Path) -> str:
    """All files below a directory."""
    return "".join(path.read_text("utf-8", "replace") for path in directory.rglob("*") if path.is_file())


def test_notes_and_reasons_are_masked_before_they_are_kept(tmp_path: Path) -> None:
    book = LabelBook.open(tmp_path, "ann")
    samples = [SampleRef(str(number), f"{number:064x}") for number in range(len(PLANTED))]
    for sample, (_, before, secret, after) in zip(samples, PLANTED, strict=True):
        text = f"see {before}{secret}{after} there"
        book.set([sample], "note", text, reason=text)
        book.set_each({sample: f"again {text}"}, "note", reason=text)
    book.clear(samples[:1], reason=ONE_LINE[0])
    notes = [label.note or "" for label in book.labels()]
    book.close()
    kept = everything_in(tmp_path)
    assert all(secret not in kept and repr(secret)[1:-1] not in kept for _, _, secret, _ in PLANTED)
    assert sum("•" in note and note.startswith("again see ") for note in notes) == len(PLANTED) - 1


def test_filters_with_a_secret_are_not_remembered(tmp_path: Path) -> None:
    holds = f"content like '%{ONE_LINE[0]}%'"
    state = SavedState(filter=holds, history=["tier = 1", holds], facets={"repo": [ONE_LINE[1]], "tier": ["1"]})
    state.save(tmp_path / "state.json")
    assert not [one for one in ONE_LINE[:2] if one in everything_in(tmp_path)]
    saved = SavedState.load(tmp_path / "state.json")
    assert (saved.filter, saved.history, saved.facets) == ("", ["tier = 1"], {"tier": ["1"]})


@pytest.mark.usefixtures("hiding")
@pytest.mark.parametrize("width", [6, 20, 400])
def test_what_screens_show_is_masked_before_it_is_cut(width: int) -> None:
    for secret in ONE_LINE:
        for text in (shown.visible_line(f"a {secret} b", width), shown.visible(f"a {secret} b\n", columns=width)):
            assert secret[:width] not in text or width <= 6
            assert secret[5:15] not in text
