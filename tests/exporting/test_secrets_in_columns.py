"""No secret leaves in any column, any format, the receipt, or what is said of it.

The campaign, every form in every column: `python -m pytest -m campaign tests/exporting/test_secrets_in_columns.py`.
"""

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from explorer.cli import run
from explorer.exporting.screening import screening
from explorer.exporting.verify import verify
from explorer.exporting.writers import SCHEMA as EXPORTED
from explorer.safety.masking import secrets_of
from explorer.safety.secret_rules import SOFT_KINDS
from tests.corpora import Row, indexed, row
from tests.signals.planted import PLANTED

FORMS = [(kind, before + secret + after, secret) for kind, before, secret, after in PLANTED if kind not in SOFT_KINDS]
ONE_EACH = list({kind: form for form in FORMS if (kind := form[0])}.values())
COLUMNS = ("id", "path", "repo", "license", "language", "content", "file")
SLICE = [pytest.param(ONE_EACH[::8], id="some"), pytest.param(FORMS, id="all", marks=pytest.mark.campaign)]

Form = tuple[str, str, str]


def body(number: int) -> str:
    """Code that is like no other sample's."""
    return "import os\n\n\n" + "".join(f"name_{number}_{n} = first_{number}({n}, 'y{number}')\n" for n in range(12))


def planted(folder: Path, column: str, forms: list[Form]) -> Path:
    """A corpus whose column holds every form, one a row, and five clean rows."""
    import pyarrow as pa

    folder.mkdir()
    rows: list[Row] = []
    for number in range(len(forms) + 5):
        one: Row = {"id": f"s{number}", "path": f"{number}.py", "repo": "a/b", "language": "Python", "license": "MIT"}
        one |= {"tier": 1, "content": body(number)}
        if number < len(forms) and column != "file":
            whole = forms[number][1]
            one[column] = f"{one[column]}\n{whole}" if column == "content" else whole
        rows.append(one)
    if column != "file":
        pq.write_table(pa.Table.from_pylist(rows), folder / "part.parquet")
        return indexed(folder).base
    for number, one in enumerate(rows):
        name = forms[number][1].replace("/", "_")[:200] if number < len(forms) else "clean"
        pq.write_table(pa.Table.from_pylist([one]), folder / f"{number}.{name}.parquet")
    return indexed(folder).base


def secrets_in(column: str, forms: list[Form]) -> list[str]:
    """What must never be seen; a file's name cannot hold every form."""
    if column != "file":
        return [secret for _, _, secret in forms]
    names = [(whole.replace("/", "_")[:200], secret) for _, whole, secret in forms]
    return [secret for name, secret in names if secret in name and any(not one.soft for one in secrets_of(name))]


def every_text(out: Path) -> str:
    """All that an export wrote, as text."""
    rows = [one for path in out.rglob("*.parquet") for one in pq.read_table(path, partitioning=None).to_pylist()]
    lines = [line for path in out.rglob("*.jsonl") for line in path.read_text("ascii").splitlines()]
    told = [*map(json.loads, lines), json.loads((out / "manifest.json").read_bytes())]
    return repr(rows) + json.dumps(told, ensure_ascii=False) + "\n".join(map(str, out.rglob("*")))


@pytest.mark.parametrize("forms", SLICE)
@pytest.mark.parametrize("column", COLUMNS)
def test_no_column_lets_a_secret_out(
    tmp_path: Path, column: str, forms: list[Form], capsys: pytest.CaptureFixture[str]
) -> None:
    base = planted(tmp_path / "corpus", column, forms)
    hidden = secrets_in(column, forms)
    assert hidden
    assert run(["mix", str(base), "--gates", "none"]) == 0
    capsys.readouterr()
    where = {"content": "text", "file": "source_file"}.get(column, column)
    words = ["export", str(base), "--stage", "fine-tuning", "--budget", "fit", "--format", "parquet,jsonl"]
    for answer, code in (("refuse", 3), ("drop", 0), ("redact", 0)):
        out = tmp_path / answer
        assert run([*words, "--out", str(out), "--secrets", answer]) == code
        said = "".join(capsys.readouterr())
        assert out.exists() == (code == 0)
        if code:
            assert f" in {where} " in said
        else:
            said += every_text(out)
            manifest = json.loads((out / "manifest.json").read_bytes())
            assert sum(manifest["safety"]["columns"][where].values()) >= len(hidden)
            assert manifest["rows"] == (len(forms) + 5 if answer == "redact" else manifest["rows"])
            assert verify(out)[1] == ()
            assert run(["why", str(out), "s0" if column != "id" else forms[0][1]]) == 0
            assert ("is in" in "".join(capsys.readouterr())) == (answer == "redact")
        assert not [secret for secret in hidden if secret in said or repr(secret)[1:-1] in said]


@pytest.mark.parametrize("name", [name for name in EXPORTED.names if str(EXPORTED.field(name).type).endswith("string")])
def test_every_text_of_a_row_is_looked_at(name: str) -> None:
    secret = FORMS[0][1]
    screen = screening("redact")
    one = {column: "x" for column in ("id", "text", name)} | {name: f"a {secret} b", "tier": 1, "tokens": 3, "copy": 0}
    found = next(iter(screen.screened([one])))
    assert (secret in found[name]) == (name in ("sha256", "stage"))


def test_redacted_names_stay_apart() -> None:
    names = [f"{whole}/{number}" for number in range(3) for _, whole, _ in FORMS]
    screen = screening("redact")
    written = {screen.name(name) for name in names}
    assert len(written) == len(set(names))


def test_a_receipt_with_a_secret_in_a_name_of_a_setting_is_refused_or_redacted() -> None:
    from explorer.errors import Refused

    secret = FORMS[0][1]
    document = {"mapping": {"tier": secret}, "lists": [{secret: 1}, 2, None]}
    with pytest.raises(Refused) as refused:
        screening("refuse").cleaned(document)
    assert secret not in str(refused.value)
    assert secret not in json.dumps(screening("redact").cleaned(document))


def test_clean_rows_leave_as_they_are() -> None:
    rows = [row(body(n), id=f"s{n}", text=body(n), tokens=1, copy=0) for n in range(100)]
    assert list(screening("refuse").screened(rows)) == rows
