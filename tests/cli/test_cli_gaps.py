"""What an index does not hold of the columns of its corpus is named by `index` and `info`, once."""

from pathlib import Path

from tests.cli.conftest import Cli
from tests.index.corpora import codes, write


def test_index_and_info_name_what_is_not_kept_and_not_read(cli: Cli, tmp_path: Path) -> None:
    many = {f"long{number}": ["x y" * 400 + str(number)] * 3 for number in range(8)}
    write(tmp_path / "a.parquet", {"content": codes(3), "tier": ["gold", "2", "gold"], "id": [5, 5, 6], **many})
    ran = cli("index", tmp_path, "--workers", 0, "--tokens", "estimate")
    assert ran.code == 0
    said = [line for line in ran.err.splitlines() if line.startswith("not ")]
    assert said[:2] == [
        f"not kept  long{number}: its values take more than 400 bytes on average (a.parquet)" for number in range(2)
    ]
    assert "not kept  3 more columns: its values take more than 400 bytes on average; --json names them" in said
    assert any(
        line.startswith("not read  tier of 2 samples, as 'gold': a tier is 1, 2, 3 or 4; kept as") for line in said
    )
    assert any(line.startswith("not read  id of 3 samples") and line.endswith("kept as given_id") for line in said)
    info = cli("info", tmp_path).out
    assert all(line in info for line in said)
    document = cli("info", tmp_path, "--json").document
    assert len(document["not_kept"]) == 8
    assert {row["field"] for row in document["unread"]} == {"tier", "id"}
