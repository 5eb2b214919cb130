"""The scale that quality is measured by in a workspace, and its formula for the engine."""

from explorer.columns import DIMENSIONS
from explorer.corpus.workspace import Workspace
from explorer.errors import BadInput
from explorer.own_files import Damaged, read_text
from explorer.quality.score import Scale, Signal, read_scale, usual_scale
from queries.quality import Formula, Part, Term

MOST_BYTES = 1 << 20
"""The largest quality.toml that is read."""


def current_scale(workspace: Workspace) -> Scale:
    """Returns what quality is made of here: the workspace's `quality.toml`, else the usual scale.

    Raises BadInput where the file cannot be used.
    """
    try:
        text = read_text(workspace.quality, most=MOST_BYTES, through_links=True)
    except FileNotFoundError:
        return usual_scale()
    except Damaged as damage:
        raise BadInput(
            f"{workspace.quality} cannot be used: {damage}.", "Save it as UTF-8 text, or move it away."
        ) from None
    return read_scale(text, str(workspace.quality))


def formula_of(scale: Scale) -> Formula:
    """Returns the formula of a scale; a dimension that it does not have is nowhere known and weighs nothing."""
    named = {dimension.name: dimension for dimension in scale.dimensions}
    parts = [
        Part(name, found.weight, [_term(signal) for signal in found.signals], found.least, found.any_of)
        if (found := named.get(name))
        else Part(name, 0.0, ())
        for name in DIMENSIONS
    ]
    return Formula(parts, scale.caps)


def _term(signal: Signal) -> Term:
    return Term(signal.source, signal.weight, signal.points, signal.log)
