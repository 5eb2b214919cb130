"""Which way tokens are counted, and what is said where the exact way is not installed."""

from pathlib import Path

import pytest

from explorer.corpus.workspace import locate
from explorer.errors import BadInput
from explorer.index import build
from tests.index.corpora import rows, write


@pytest.mark.parametrize("is_installed", [True, False])
def test_exact_counts_are_taken_only_where_they_can_be_had(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_installed: bool
) -> None:
    if is_installed:
        pytest.importorskip("toktok", reason="the extra `tokens` is not installed")
    monkeypatch.setattr(build, "can_count_exactly", lambda: is_installed)
    place = locate(str(write(tmp_path / "a.parquet", {"content": ["def f(x):\n    return x + 1\n"]})))
    build.build_index(place, build.Wishes(workers=0))
    assert [row["tokens_exact"] for row in rows(place.workspace.root, "tokens_exact")] == [is_installed]
    if not is_installed:
        with pytest.raises(BadInput, match=r"need toktok-rs\. Install the extra `tokens`"):
            build.build_index(place, build.Wishes(workers=0, exact_tokens=True))
