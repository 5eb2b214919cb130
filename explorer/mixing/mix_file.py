"""Reading and writing `mix.toml` without losing a hand-made comment, an order or a key we do not know."""

import os
import secrets
from collections.abc import MutableMapping
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

from explorer.corpus.workspace import Workspace
from explorer.errors import BadInput, ExplorerError
from explorer.fingerprints.policy import LOWEST_THRESHOLD
from explorer.mixing.mix import Mix, default_mix
from explorer.mixing.mix_keys import FORMAT, Key, Setting, checked, mix_of, settings_of, unknown_keys_of
from explorer.own_files import Damaged, parse_toml, read_text

LARGEST_FILE = 1_000_000


def load_mix(path: Path) -> Mix:
    """Read a mix; raises `BadInput` naming the file, the key and what to write there instead."""
    return mix_of(checked(_parsed(_text(path), path), str(path)))


def begin_mix(workspace: Workspace) -> Mix:
    """Begin a mix for an indexed corpus, whose near-duplicates are those that it was compared for."""
    mix = default_mix()
    kept = workspace.describe().get("options", {}).get("threshold", mix.clusters.threshold)
    threshold = float(kept) if LOWEST_THRESHOLD <= kept <= 1 else mix.clusters.threshold
    return replace(mix, clusters=replace(mix.clusters, threshold=threshold))


def current_mix(workspace: Workspace) -> Mix:
    """Read the mix of a workspace, or begin one; raises `BadInput` like `load_mix`."""
    return load_mix(workspace.mix) if os.path.lexists(workspace.mix) else begin_mix(workspace)


def unknown_keys(path: Path) -> tuple[str, ...]:
    """List the keys of a file that mean nothing here; they are kept, but one of them may be a typing error."""
    return unknown_keys_of(_parsed(_text(path), path))


def save_mix(path: Path, mix: Mix, base: Mix | None = None) -> Mix:
    """Write a mix and tell what the file says now, durable once this returns.

    An existing file is edited: only values that differ are written. With `base`, the mix as it was loaded, only what
    changed since then, so that a hand edit made in between survives. A file that cannot be read is never replaced.
    """
    path = path.resolve()
    wanted = settings_of(mix)
    if not path.exists():
        text, expected = new_text(mix), mix_of(wanted)
    else:
        before = _text(path)
        present = settings_of(mix_of(checked(_parsed(before, path), str(path))))
        since = present if base is None else settings_of(base)
        changes = {key: value for key, value in wanted.items() if since.get(key) != value != present.get(key)}
        dropped = {key: 0.0 for key in since if key not in wanted and present.get(key)}
        expected = mix_of({**present, **changes, **dropped})
        text = _edited_safely(path, before, {**changes, **dropped}, present)
    written = _read_back(text, path)
    if settings_of(written) != settings_of(expected):
        raise _not_editable(path)
    if not path.exists() or text != _text(path):
        _replace(path, text)
    return written


def edited(text: str, changes: dict[Key, Setting], present: dict[Key, Setting]) -> str:
    """Change some values of a file's text and nothing around them.

    A stage without a table of weights gets the whole table, since a tier missing there would count as zero.
    """
    import tomlkit

    document = tomlkit.parse(text)
    for key, value in changes.items():
        table = _table(document, key[:-1])
        if key[-2:-1] == ("weights",) and not table:
            table.update({other[-1]: present[other] for other in present if other[:-1] == key[:-1]})
        table[key[-1]] = value
    return tomlkit.dumps(document)


def new_text(mix: Mix) -> str:
    """Write a mix as a fresh file that explains itself."""
    import tomlkit

    settings = {key: tomlkit.item(value).as_string() for key, value in settings_of(mix).items()}
    rules = {name: settings["rules", name] for name in ("epoch_cap", "repo_share", "when_short", "include_untiered")}
    stages = (_stage_text(name, number, settings) for number, name in enumerate(stage.name for stage in mix.stages))
    clusters = {name: settings["clusters", name] for name in ("threshold", "survivors", "chains", "alarm")}
    gates = {name: settings["gates", name] for name in ("exclude", "least_quality")}
    return HEAD.format(format=FORMAT, family=settings["family",], **rules, **clusters, **gates) + "".join(stages)


def _edited_safely(path: Path, text: str, changes: dict[Key, Setting], present: dict[Key, Setting]) -> str:
    from tomlkit.exceptions import TOMLKitError

    try:
        return edited(text, changes, present)
    except (TOMLKitError, RecursionError) as error:
        raise _not_editable(path) from error


def _read_back(text: str, path: Path) -> Mix:
    try:
        return mix_of(checked(_parsed(text, path), str(path)))
    except BadInput as error:
        raise _not_editable(path) from error


def _not_editable(path: Path) -> ExplorerError:
    return ExplorerError(
        f"{path} is laid out in a way that cannot be edited safely.", "Edit it by hand, or move it away."
    )


def _stage_text(name: str, number: int, settings: dict[Key, str]) -> str:
    weights = {key[-1]: value for key, value in settings.items() if key[:-1] == ("stages", name, "weights")}
    width = max(map(len, weights.values()), default=0)
    lines = (
        f"{tier} = {value:<{width}}  # {TIER_WORDS[tier]}" if not number else f"{tier} = {value}"
        for tier, value in weights.items()
    )
    return (
        f"\n[stages.{name}]\n"
        f"budget = {settings['stages', name, 'budget']}\n"
        f"human_share = {settings['stages', name, 'human_share']}\n"
        f"\n[stages.{name}.weights]\n" + "\n".join(lines) + "\n"
    )


def _table(document: MutableMapping[str, Any], path: Key) -> MutableMapping[str, Any]:
    """Find a table, making the missing ones on the way."""
    import tomlkit

    table = document
    for depth, name in enumerate(path):
        if name not in table:
            table[name] = tomlkit.table(is_super_table=depth < len(path) - 1)
        table = cast("MutableMapping[str, Any]", table[name])
    return table


def _text(path: Path) -> str:
    try:
        return read_text(path, most=LARGEST_FILE, through_links=True)
    except FileNotFoundError:
        raise BadInput(f"There is no {path}.", "Save a mix first, or name another one.") from None
    except Damaged as damage:
        raise BadInput(f"{path} cannot be used: {damage}.", "Correct it, or move it away to begin a new mix.") from None


def _parsed(text: str, path: Path) -> dict[str, Any]:
    try:
        return parse_toml(text)
    except Damaged as damage:
        raise BadInput(f"{path} cannot be used: {damage}.", "Correct that line, or move the file away.") from None


def _replace(path: Path, text: str) -> None:
    """Put a whole file in place at once: after a crash there is the old text or the new one, never a part."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}-{secrets.token_hex(4)}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with fresh.open("xb") as file:
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            fresh.chmod(path.stat().st_mode & 0o7777)
        fresh.replace(path)
    except OSError as error:
        fresh.unlink(missing_ok=True)
        raise ExplorerError(f"{path} could not be saved: {error.strerror}.", "The file is as it was before.") from error
    _sync_folder(path)


def _sync_folder(path: Path) -> None:
    try:
        descriptor = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise ExplorerError(
            f"{path} is written, but the disk did not confirm it: {error.strerror}.", "Save again."
        ) from error


TIER_WORDS = {
    "1": "expert-reviewed",
    "2": "professional",
    "3": "educational",
    "4": "unfiltered",
    "none": "not yet tiered; drawn only with include_untiered = true",
}

HEAD = """\
# A mix: how much of each quality tier every training stage draws.
# Edit it here or on the mix screen; comments and keys of your own stay.
format = {format}

# Seeds the draw. All mixes of one family are nested: raising a weight adds samples
# and keeps the earlier ones. Another name draws other samples.
family = {family}

[rules]
# How often a tier may be repeated at most. Up to 4 epochs cost little.
epoch_cap = {epoch_cap}
# Percent of a stage that one repository may fill; 100 is no limit.
# With hundreds of repositories, 1 is common.
repo_share = {repo_share}
# What happens when a weight asks for more than its tier can give:
#   "keep"          keeps the weights and lowers the budget,
#   "redistribute"  keeps the budget and gives the rest to the other tiers.
when_short = {when_short}
# Draw samples that have no tier yet, with a weight called none.
include_untiered = {include_untiered}

# Of each cluster of near-duplicates a mix keeps one sample, the survivor.
[clusters]
# From which similarity on two samples belong together (Jaccard of word 5-grams).
threshold = {threshold}
# What the survivor is chosen by, the weightiest first; your own choice goes before all.
survivors = {survivors}
# Members that only a chain of similar ones connects with the survivor: "keep" or "drop".
chains = {chains}
# Percent of the tokens of a tier, language, repository or origin that a change of
# these rules may take before you are asked twice.
alarm = {alarm}

# What holds a sample back, unless your verdict on it is keep; an opt-out holds it back whatever you say.
[gates]
# The gates that are closed; `corpus info PATH` counts the samples behind each.
exclude = {exclude}
# Percentile of quality inside its language that a sample has at least; 0 asks for nothing.
least_quality = {least_quality}

# budget       tokens of a stage, or "fit": as much as no tier has to repeat.
# human_share  least percent of human origin; the plan warns below it, 0 asks for nothing.
# weights      percent of the stage's tokens; they should add up to 100.
"""
