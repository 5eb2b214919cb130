"""`mix.toml`: what a person wrote stays, what a screen changes is the only thing that changes."""

import difflib
import errno
import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.errors import BadInput, ExplorerError
from explorer.fingerprints.policy import CRITERIA, Policy
from explorer.mixing import mix_file
from explorer.mixing.mix import STAGES, UNTIERED, Mix, Rules, StageMix, default_mix
from explorer.mixing.mix_file import load_mix, new_text, save_mix, unknown_keys

ROOT = Path(__file__).parents[2]

percents = st.integers(0, 1000).map(lambda tenths: tenths / 10)
tiers = st.sampled_from((1, 2, 3, 4))
stages = st.tuples(
    *(
        st.builds(
            StageMix,
            st.just(name),
            st.fixed_dictionaries(dict.fromkeys((1, 2, 3, 4), percents), optional={UNTIERED: percents}),
            st.one_of(st.just("fit"), st.integers(1, 10**15)),
            percents,
        )
        for name in STAGES
    )
)
rules = st.builds(
    Rules,
    st.floats(1, 1000),
    st.floats(0.001, 100),
    st.sampled_from(("keep", "redistribute")),
    st.booleans(),
)
families = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=200)
orders = st.lists(st.sampled_from([name for name in CRITERIA if name != "id"]), unique=True)
policies = st.builds(Policy, st.floats(0.5, 1), orders.map(lambda names: (*names, "id")), st.booleans(), percents)
mixes = st.builds(Mix, families, stages, rules, policies)

HAND_MADE = """\
# ours since spring
family = 'spring'   # do not rename
owner = "team"

[stages.continued]
weights = {1 = 10, 2 = 90} # inline
budget = 5e6

[rules]
when_short   =   "keep"
colour = [1,
  2] # of the bikeshed

[stages.pre-training.weights]
4 = 70   # tail
1 = 30.00
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("mix")


def fresh(folder: Path, text: str | None = None) -> Path:
    path = folder / "mix.toml"
    path.unlink(missing_ok=True)
    if text is not None:
        path.write_bytes(text.encode())
    return path


def changed_lines(before: str, after: str) -> list[tuple[str, str]]:
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    spans = [span for span in matcher.get_opcodes() if span[0] != "equal"]
    return [("".join(old[a:b]), "".join(new[c:d])) for _, a, b, c, d in spans]


@given(mixes)
def test_a_mix_comes_back_as_it_was_saved(folder: Path, mix: Mix) -> None:
    path = fresh(folder)
    assert save_mix(path, mix) == mix
    assert load_mix(path) == mix
    assert load_mix(path).clusters.alarm == mix.clusters.alarm
    assert unknown_keys(path) == ()


@given(mixes, mixes)
def test_any_mix_can_be_edited_into_any_other(folder: Path, first: Mix, second: Mix) -> None:
    path = fresh(folder, new_text(first))
    saved = save_mix(path, second)
    assert load_mix(path) == saved
    for wanted, stage in zip(second.stages, saved.stages, strict=True):
        assert {tier: weight for tier, weight in stage.weights.items() if weight} == {
            tier: weight for tier, weight in wanted.weights.items() if weight
        }
    assert replace(saved, stages=()) == replace(second, stages=())


@given(mixes, st.sampled_from(STAGES), tiers, percents)
def test_one_weight_changes_one_number(folder: Path, mix: Mix, stage_name: str, tier: int, weight: float) -> None:
    before = new_text(mix)
    path = fresh(folder, before)
    stage = mix.stage(stage_name)
    save_mix(path, mix.with_stage(replace(stage, weights={**stage.weights, tier: weight})))
    changes = changed_lines(before, path.read_bytes().decode())
    if weight == stage.weights[tier]:
        assert changes == []
    else:
        ((old, new),) = changes
        assert re.sub(r"= [\d.]+", f"= {weight}", old, count=1) == new
        assert old.startswith(f"{tier} = ")


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("edit", "old", "new"),
    [
        ((1, "pre-training"), "1 = 30.00", "1 = 12.5"),
        ((4, "pre-training"), "4 = 70   # tail", "4 = 12.5   # tail"),
        ((2, "continued"), "2 = 90} # inline", "2 = 12.5} # inline"),
    ],
)
def test_what_a_person_wrote_stays(folder: Path, newline: str, edit: tuple[int, str], old: str, new: str) -> None:
    before = HAND_MADE.replace("\n", newline)
    path = fresh(folder, before)
    mix = load_mix(path)
    tier, name = edit
    stage = mix.stage(name)
    save_mix(path, mix.with_stage(replace(stage, weights={**stage.weights, tier: 12.5})))
    assert path.read_bytes().decode() == before.replace(old, new)


def test_a_hand_made_file_means_what_it_says(folder: Path) -> None:
    path = fresh(folder, HAND_MADE)
    mix = load_mix(path)
    assert mix.family == "spring"
    assert mix.stage("continued") == StageMix("continued", {1: 10.0, 2: 90.0, 3: 0.0, 4: 0.0}, 5_000_000)
    assert mix.stage("pre-training").weights == {1: 30.0, 2: 0.0, 3: 0.0, 4: 70.0}
    assert mix.stage("fine-tuning") == default_mix().stage("fine-tuning")
    assert unknown_keys(path) == ("owner", "rules.colour")


def test_the_policy_of_clusters_is_read_and_only_what_changes_is_written(folder: Path) -> None:
    text = """\
[clusters]  # agreed in May
survivors = 'newest ,tier'   # the newest first
threshold = 0.85 # not lower
colour = 'red'
"""
    path = fresh(folder, text)
    mix = load_mix(path)
    assert mix.clusters == Policy(0.85, ("newest", "tier", "id"), True)
    assert mix.clusters.alarm == 50.0
    assert unknown_keys(path) == ("clusters.colour",)
    save_mix(path, mix)
    assert path.read_text() == text
    save_mix(path, replace(mix, clusters=replace(mix.clusters, threshold=0.9)))
    assert path.read_text() == text.replace("0.85", "0.9")
    save_mix(path, replace(mix, clusters=Policy(0.9, ("longest", "id"), False, 12.5)))
    assert load_mix(path).clusters == Policy(0.9, ("longest", "id"), False)
    assert load_mix(path).clusters.alarm == 12.5
    assert all(words in path.read_text() for words in ("# agreed in May", "# the newest first", "# not lower"))


def test_a_file_without_clusters_keeps_to_the_usual_policy(folder: Path) -> None:
    path = fresh(folder, HAND_MADE)
    mix = load_mix(path)
    assert mix.clusters == Policy()
    save_mix(path, replace(mix, clusters=replace(mix.clusters, keeps_chains=False)))
    assert load_mix(path).clusters == Policy(keeps_chains=False)
    assert path.read_text().startswith(HAND_MADE)


def test_a_new_file_explains_how_clusters_are_kept() -> None:
    lines = new_text(replace(default_mix(), clusters=Policy(0.8, ("tier", "id"), False, 30.0))).splitlines()
    start = lines.index("[clusters]")
    assert [line for line in lines[start : start + 12] if line and line[0] != "#"] == [
        "[clusters]",
        "threshold = 0.8",
        'survivors = "tier, id"',
        'chains = "drop"',
        "alarm = 30.0",
    ]
    for number, line in enumerate(lines):
        if line.startswith(("threshold", "survivors", "chains", "alarm")):
            assert lines[number - 1].startswith("# ")


def test_saving_what_is_there_does_not_touch_the_file(folder: Path) -> None:
    path = fresh(folder, HAND_MADE)
    before = path.stat()
    save_mix(path, load_mix(path))
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_a_hand_edit_made_in_between_survives(folder: Path) -> None:
    path = fresh(folder, HAND_MADE)
    base = load_mix(path)
    path.write_text(HAND_MADE.replace("4 = 70", "4 = 60").replace("5e6", "9e6"))
    saved = save_mix(path, replace(base, rules=replace(base.rules, epoch_cap=2.0)), base)
    assert saved.stage("pre-training").weights[4] == 60.0
    assert saved.stage("continued").budget == 9_000_000
    assert saved.rules.epoch_cap == 2.0
    assert load_mix(path) == saved


@given(
    stages, st.sampled_from(["", "\n\n", "# nothing yet\n", "[stages]\n", "[stages.continued]\n[rules]\n[x]\ny=1\n"])
)
def test_a_sparse_file_is_completed(folder: Path, wanted: tuple[StageMix, ...], text: str) -> None:
    path = fresh(folder, text)
    mix = replace(load_mix(path), stages=wanted)
    save_mix(path, mix)
    assert [stage.budget for stage in load_mix(path).stages] == [stage.budget for stage in wanted]
    for stage, asked in zip(load_mix(path).stages, wanted, strict=True):
        assert all(stage.weights.get(tier, 0.0) == weight for tier, weight in asked.weights.items())


@pytest.mark.parametrize(
    ("text", "key", "hint"),
    [
        ("family = 3", "family is 3", "printable"),
        ("family = ''", "family is ''", "printable"),
        ('family = "a\\u001b]0;x"', r"family is 'a\x1b]0;x'", "printable"),
        ("format = 2", "format is 2", "1"),
        ("rules = 1", "rules is 1", "table"),
        ("rules.epoch_cap = 0.5", "rules.epoch_cap is 0.5", "from 1 to 1000"),
        ("rules.epoch_cap = nan", "rules.epoch_cap is nan", "from 1 to 1000"),
        ("rules.epoch_cap = true", "rules.epoch_cap is True", "from 1 to 1000"),
        ("rules.repo_share = 0", "rules.repo_share is 0", "above 0"),
        ("rules.when_short = 'drop'", "rules.when_short is 'drop'", "redistribute"),
        ("rules.include_untiered = 1", "rules.include_untiered is 1", "true or false"),
        ("stages.continued.budget = 0", "stages.continued.budget is 0", "fit"),
        ("stages.continued.budget = 1.5", "stages.continued.budget is 1.5", "fit"),
        ("stages.continued.budget = inf", "stages.continued.budget is inf", "fit"),
        ("stages.continued.budget = 'all'", "stages.continued.budget is 'all'", "fit"),
        ("stages.continued.weights.1 = -1", "stages.continued.weights.1 is -1", "0 to 100"),
        ("stages.continued.weights.none = 100.5", "stages.continued.weights.none is 100.5", "0 to 100"),
        ("stages.continued.weights.2 = 0x" + "f" * 5000, "thousands of digits", "0 to 100"),
        ("stages.continued.weights.2 = 1" + "0" * 5000, "not valid TOML", ""),
        ("a = " + "[" * 100_000, "", ""),
        ("clusters = 1", "clusters is 1", "table"),
        ("clusters.threshold = 0.4", "clusters.threshold is 0.4", "from 0.5 to 1"),
        ("clusters.threshold = 1.01", "clusters.threshold is 1.01", "from 0.5 to 1"),
        ("clusters.threshold = nan", "clusters.threshold is nan", "from 0.5 to 1"),
        ("clusters.threshold = '0.7'", "clusters.threshold is '0.7'", "from 0.5 to 1"),
        ("clusters.survivors = 'newest, stars'", "clusters.survivors is 'newest, stars'", "verdict, tier, license"),
        ("clusters.survivors = 'tier, tier'", "clusters.survivors is 'tier, tier'", "each once"),
        ("clusters.survivors = ''", "clusters.survivors is ''", "parted by commas"),
        ("clusters.survivors = ['tier']", "clusters.survivors is ['tier']", "parted by commas"),
        ("clusters.chains = true", "clusters.chains is True", '"keep" or "drop"'),
        ("clusters.chains = 'Keep'", "clusters.chains is 'Keep'", '"keep" or "drop"'),
        ("clusters.alarm = -1", "clusters.alarm is -1", "0 to 100"),
        ("clusters.alarm = 'never'", "clusters.alarm is 'never'", "0 to 100"),
        ("family = 'a' 'b'", "not valid TOML", "line"),
        ("family = 'a'\nfamily = 'b'", "not valid TOML", "line"),
    ],
)
def test_bad_values_are_named_with_their_key(folder: Path, text: str, key: str, hint: str) -> None:
    path = fresh(folder, text)
    for use in (load_mix, lambda path: save_mix(path, default_mix())):
        with pytest.raises(BadInput) as caught:
            use(path)
        assert str(path) in caught.value.title
        assert key in caught.value.title
        assert hint in caught.value.hint
        assert caught.value.title.isprintable()
    assert path.read_bytes().decode() == text


def test_bytes_that_are_no_mix_are_refused(folder: Path) -> None:
    path = fresh(folder)
    with pytest.raises(BadInput, match="There is no"):
        load_mix(path)
    path.write_bytes(b"family = '\xff'")
    with pytest.raises(BadInput, match="byte 10"):
        load_mix(path)
    path.write_bytes(b"#" * 1_000_001)
    with pytest.raises(BadInput, match="larger than 1,000,000 bytes"):
        load_mix(path)
    path.write_bytes(b"\xef\xbb\xbffamily = 'marked'")
    assert load_mix(path).family == "marked"


def test_a_fifo_is_refused_at_once(folder: Path) -> None:
    path = fresh(folder)
    os.mkfifo(path)
    for use in (load_mix, lambda path: save_mix(path, default_mix())):
        with pytest.raises(BadInput, match="it is a FIFO"):
            use(path)


def test_a_layout_that_cannot_be_edited_is_left_alone(folder: Path) -> None:
    text = "stages.pre-training.weights.1 = 5\n"
    path = fresh(folder, text)
    mix = replace(load_mix(path), family="other", rules=Rules(epoch_cap=3.0))
    wanted = mix.with_stage(StageMix("continued", {1: 100.0}, 777))
    with pytest.raises(ExplorerError, match="by hand"):
        save_mix(path, wanted)
    assert path.read_text() == text


@pytest.mark.parametrize("step", ["open", "fsync", "replace"])
def test_a_failed_save_leaves_the_old_file_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    path = tmp_path / "mix.toml"
    save_mix(path, default_mix())
    before = path.read_bytes()

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    if step == "open":
        opened = Path.open
        monkeypatch.setattr(Path, "open", lambda self, mode="r": full() if "x" in mode else opened(self, mode))
    else:
        monkeypatch.setattr(mix_file.os if step == "fsync" else Path, step, full)
    with pytest.raises(ExplorerError, match="No space left"):
        save_mix(path, default_mix("other"))
    monkeypatch.undo()
    assert path.read_bytes() == before
    assert [each.name for each in tmp_path.iterdir()] == ["mix.toml"]


def test_a_link_and_a_mode_outlive_a_save(tmp_path: Path) -> None:
    real, link = tmp_path / "real.toml", tmp_path / "mix.toml"
    save_mix(real, default_mix())
    real.chmod(0o640)
    link.symlink_to(real)
    save_mix(link, default_mix("other"))
    assert link.is_symlink()
    assert load_mix(real).family == "other"
    assert real.stat().st_mode & 0o777 == 0o640


def test_the_room_loads_no_engine() -> None:
    rooms = ["describe", "draw", "mix_file", "plan", "presets", "weights"]
    imports = ", ".join(f"explorer.mixing.{room}" for room in rooms)
    program = f"import sys, {imports}; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert not {"duckdb", "pyarrow", "numpy", "numba", "textual"} & set(loaded.stdout.split())
