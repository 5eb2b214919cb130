"""The public collection of odd and damaged Parquet files: each is read, or set aside by name."""

import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from explorer.index.pool import Done, Failed, Pool
from tests.index.corpora import SHARED
from tests.index.pool_tasks import index_alone
from tests.patience import PATIENCE

PUBLIC = SHARED / "hostile" / "parquet-testing"
NAMES = sorted(str(file.relative_to(PUBLIC)) for file in PUBLIC.rglob("*") if file.is_file()) if PUBLIC.is_dir() else []

pytestmark = pytest.mark.skipif(not NAMES, reason="the shared Parquet collection is not here")


@pytest.fixture(scope="module")
def fates(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What became of every file, each indexed alone in a worker with its first candidate for the text."""
    workspace = tmp_path_factory.mktemp("public")
    (workspace / "parts").mkdir()
    (workspace / "content").mkdir()
    told: dict[str, str] = {}
    with Pool(2) as pool:
        for outcome in pool.run(index_alone, [(PUBLIC, name, workspace) for name in NAMES]):
            match outcome:
                case Done(task, result):
                    told[task[1]] = result
                case Failed(task, reason):
                    told[task[1]] = f"set aside: {reason}"
                case _:
                    pass
    return told


def test_every_file_has_its_fate(fates: dict[str, str]) -> None:
    assert sorted(fates) == NAMES
    assert all(fate.startswith(("read: ", "set aside: ")) for fate in fates.values())
    assert all("\n" not in fate and "Traceback" not in fate for fate in fates.values())
    assert not [name for name, fate in fates.items() if "gave no answer" in fate]


def test_most_files_with_text_are_really_read(fates: dict[str, str]) -> None:
    read = {name: int(fate.removeprefix("read: ")) for name, fate in fates.items() if fate.startswith("read")}
    assert len(read) >= 20
    assert read == {name: pq.read_metadata(PUBLIC / name).num_rows for name in read}


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("data/uniform_encryption.parquet.encrypted", "encrypted"),
        ("data/encrypt_columns_plaintext_footer.parquet.encrypted", "SIGABRT"),
        ("bad_data/ARROW-GH-41321.parquet", "reading it failed"),
        ("data/nullable.impala.parquet", "no text column"),
        ("data/byte_array_decimal.parquet", "no text column"),
        ("bad_data/PARQUET-1481.parquet", "footer cannot be read"),
    ],
)
def test_a_known_case_is_named_for_what_it_is(name: str, reason: str, fates: dict[str, str]) -> None:
    assert fates[name].startswith("set aside: ")
    assert reason in fates[name]


def test_the_directory_through_the_command_line(tmp_path: Path) -> None:
    ended = corpus("index", str(PUBLIC), "--workspace", str(tmp_path), "--workers", "2")
    assert ended.returncode == 1
    assert "Traceback" not in ended.stderr
    left_out = {
        line.split(":")[0].removeprefix("left out  ") for line in ended.stderr.splitlines() if "left out" in line
    }
    assert left_out == {name for name in NAMES if name.endswith(".parquet")}


@pytest.mark.campaign
@pytest.mark.parametrize("name", NAMES)
def test_each_file_through_the_command_line(name: str, tmp_path: Path) -> None:
    ended = corpus("index", str(PUBLIC / name), "--workspace", str(tmp_path), "--workers", "1")
    assert ended.returncode in (0, 1, 2)
    assert "Traceback" not in ended.stderr
    assert (ended.returncode == 0) == ("corpus: " not in ended.stderr)


def corpus(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "explorer", *words], capture_output=True, text=True, timeout=PATIENCE)
