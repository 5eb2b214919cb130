"""`corpus mix`: shows or edits `mix.toml` and prints the plan."""

from dataclasses import replace

import click

from explorer.cli.options import complete_presets, complete_stages, json_option, path_argument
from explorer.cli.output import emit, emit_json, say
from explorer.cli.wording import wiped_lines
from explorer.errors import BadInput
from explorer.mixing.mix import Mix, StageMix
from explorer.mixing.wording import read_budget
from explorer.quality.gates import GATES, USUAL_GATES, read_gates
from widgets.numbers import count, counted


@click.command("mix", short_help="Show or edit the mix, print the plan with its warnings.")
@path_argument
@click.option(
    "--preset",
    "preset_name",
    metavar="NAME",
    shell_complete=complete_presets,
    help="Start from a preset; `--preset list` names them.",
)
@click.option(
    "--stage",
    "stage_name",
    metavar="STAGE",
    shell_complete=complete_stages,
    help="pre-training, continued or fine-tuning.",
)
@click.option(
    "--weight", "weights", multiple=True, metavar="TIER=PERCENT", help="Set a weight of --stage; the others give way."
)
@click.option("--exact", is_flag=True, help="With --weight: the other weights stay as they are.")
@click.option("--budget", metavar="TOKENS", help="Set the budget of --stage: a number or `fit`.")
@click.option("--gates", metavar="CODES", help="Close these gates, parted by commas; `all`, `usual` or `none`.")
@click.option(
    "--least-quality", type=click.FloatRange(0, 100), metavar="P", help="Draw nothing below this percentile of quality."
)
@json_option
def mix_command(
    path: str,
    workspace: str | None,
    preset_name: str | None,
    stage_name: str | None,
    weights: tuple[str, ...],
    exact: bool,
    budget: str | None,
    gates: str | None,
    least_quality: float | None,
    as_json: bool,
) -> None:
    """Show the mix of the corpus at PATH and its plan; with options that change it, edit `mix.toml` first."""
    from explorer.cli.opening import job, opened
    from explorer.exporting.drawing import held_back, plan_of, stock_of
    from explorer.mixing.describe import as_json as described
    from explorer.mixing.describe import as_text
    from explorer.mixing.mix_file import current_mix, save_mix, unknown_keys
    from explorer.mixing.presets import apply_preset

    if preset_name == "list":
        _list_presets(as_json)
        return
    is_edit = bool(preset_name or weights) or any(each is not None for each in (budget, gates, least_quality))
    with opened(path, workspace) as corpus:
        place = corpus.session.place.workspace
        mix = before = current_mix(place)
        if preset_name:
            stock = stock_of(corpus.session, job(), mix)
            mix = apply_preset(preset_name, mix, stock[mix.stages[0].name])
        mix = gated(edited(mix, stage_name, weights, exact, budget), gates, least_quality)
        if mix != before or (is_edit and not place.mix.exists()):
            mix = save_mix(place.mix, mix, before if place.mix.exists() else None)
        for key in unknown_keys(place.mix) if place.mix.exists() else ():
            say(f"{place.mix}: {key} means nothing here; it is kept.")
        plans = plan_of(corpus.session, job(), mix)
        held = held_back(corpus.session, job(), mix)
        wiped = wiped_lines(corpus.session)
    if as_json:
        emit_json({**described(mix, plans), "held_back": [row._asdict() for row in held], "wiped": wiped})
    else:
        emit(as_text(mix, plans).rstrip("\n"))
        for row in held:
            size = f"{counted(row.samples, 'sample')}, {count(row.tokens)} tokens"
            emit(f"held back: {held_words(row.reason, mix)}: {size}")
        for line in wiped:
            emit(line)


def _list_presets(as_json: bool) -> None:
    from explorer.mixing.presets import PRESETS

    if as_json:
        emit_json({"presets": [{"name": p.name, "explanation": p.explanation, "source": p.source} for p in PRESETS]})
        return
    for preset in PRESETS:
        emit(f"{preset.name:<18} {preset.explanation} ({preset.source})")


def edited(mix: Mix, stage_name: str | None, weights: tuple[str, ...], exact: bool, budget: str | None) -> Mix:
    """Returns a mix with the weights and budget of one stage changed as the command line says."""
    from explorer.mixing.weights import move

    if stage_name is None:
        if weights or budget is not None:
            raise BadInput("--weight and --budget need --stage STAGE.")
        return mix
    stage: StageMix = mix.stage(stage_name)
    for text in weights:
        tier, percent = weight_pair(text)
        stage = replace(stage, weights=move(stage.weights, tier, percent, give_way=not exact))
    if budget is not None:
        stage = replace(stage, budget=read_budget(budget))
    return mix.with_stage(stage)


def gated(mix: Mix, gates: str | None, least_quality: float | None) -> Mix:
    """Returns a mix with other gates closed; raises BadInput for a code that is none."""
    rules = mix.gates
    if gates is not None:
        named = {"none": (), "all": tuple(GATES), "usual": USUAL_GATES}.get(gates.strip(), read_gates(gates))
        if named is None:
            raise BadInput(f"--gates {gates} names no gates.", f"Gates are {', '.join(GATES)}; or all, usual, none.")
        rules = replace(rules, exclude=named)
    return replace(mix, gates=rules if least_quality is None else replace(rules, least_quality=least_quality))


def held_words(reason: str, mix: Mix) -> str:
    """Says why a gate keeps samples out."""
    if reason == "quality":
        return f"quality below percentile {mix.gates.least_quality:g} of its language"
    return f"{reason}, {GATES.get(reason, 'a rule of another version')}"


def weight_pair(text: str) -> tuple[int, float]:
    """Reads TIER=PERCENT; raises BadInput."""
    tier, _, percent = text.partition("=")
    try:
        number, share = int(tier), float(percent)
    except ValueError:
        number, share = -1, -1.0
    if not 1 <= number <= 4 or not 0 <= share <= 100:
        raise BadInput(f"--weight {text} is no weight.", "Write TIER=PERCENT, as 1=75, with a tier from 1 to 4.")
    return number, share
