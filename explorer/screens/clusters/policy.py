"""The steps to another cluster policy: what to change, what it would cost, yes or no, and only then the change."""

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from explorer.api.messages.clusters import PolicyImpactRequest, PolicyRequest
from explorer.errors import BadInput, ExplorerError
from explorer.fingerprints.policy import CRITERIA, LOWEST_THRESHOLD, Policy, read_order
from explorer.mixing.losses import ACCEPTED, BlastRadius, Loss
from explorer.mixing.mix_file import current_mix
from widgets import numbers
from widgets.prompts import Ask, Confirm, ConfirmTyped, Pick

if TYPE_CHECKING:
    from explorer.screens.shared.corpus_screen import CorpusScreen

SHOWN = 12
"""Slices that a confirmation lists."""


async def change_policy(screen: "CorpusScreen") -> bool:
    """Asks for one change of the policy, shows what it leaves out, and applies it; tells whether it did."""
    if screen.workbench.read_only:
        screen.notify(screen.workbench.read_only, severity="error")
        return False
    try:
        mix = await asyncio.to_thread(current_mix, screen.workbench.workspace)
        policy = await _ask(screen, mix.clusters)
        if policy is None or policy == mix.clusters:
            return False
        found = await screen.asked(PolicyImpactRequest(policy))
        if found is None or not await _agree(screen, policy, BlastRadius.of(found.slices, policy.alarm)):
            return False
        await screen.workbench.save_mix(replace(mix, clusters=policy), mix)
    except ExplorerError as error:
        screen.tell(error)
        return False
    return await screen.asked(PolicyRequest(policy)) is not None


async def _ask(screen: "CorpusScreen", policy: Policy) -> Policy | None:
    chains = "stay in a mix" if policy.keeps_chains else "are left out"
    options = [
        ("threshold", "similarity", f"{policy.threshold:g}: from here on two samples belong together"),
        ("order", "survivors", ", ".join(policy.order)),
        ("chains", "chains", f"members that only a chain connects {chains}; this turns it round"),
    ]
    match await screen.app.push_screen_wait(Pick("Which part of the policy?", options)):
        case "threshold":
            return await _ask_threshold(screen, policy)
        case "order":
            return await _ask_order(screen, policy)
        case "chains":
            return replace(policy, keeps_chains=not policy.keeps_chains)
        case _:
            return None


async def _ask_threshold(screen: "CorpusScreen", policy: Policy) -> Policy | None:
    hint = f"a similarity from {LOWEST_THRESHOLD:g} to 1"
    text = await screen.app.push_screen_wait(Ask("Similarity", hint, f"{policy.threshold:g}"))
    if text is None:
        return None
    try:
        threshold = float(text)
    except ValueError:
        threshold = 0.0
    if not LOWEST_THRESHOLD <= threshold <= 1:
        raise BadInput(f"{text!r} is no similarity.", f"Write {hint}.")
    return replace(policy, threshold=threshold)


async def _ask_order(screen: "CorpusScreen", policy: Policy) -> Policy | None:
    hint = f"some of {', '.join(CRITERIA)}"
    text = await screen.app.push_screen_wait(Ask("Survivors by, the weightiest first", hint, ", ".join(policy.order)))
    if text is None:
        return None
    order = read_order(text)
    if order is None:
        raise BadInput(f"{text!r} is no order of criteria.", f"Write {hint}, each once, parted by commas.")
    return replace(policy, order=order)


async def _agree(screen: "CorpusScreen", policy: Policy, radius: BlastRadius) -> bool:
    title = f"Apply it? Similarity {policy.threshold:g}, chains {'kept' if policy.keeps_chains else 'dropped'}"
    body = "\n".join(_lines(radius))
    if not radius.alarms:
        return await screen.app.push_screen_wait(Confirm(title, body, yes_text="apply it"))
    alarm = f"{numbers.counted(len(radius.alarms), 'slice')} would lose more than {policy.alarm:g}% of the tokens."
    return await screen.app.push_screen_wait(ConfirmTyped(title, f"{alarm}\n\n{body}", ACCEPTED))


def _lines(radius: BlastRadius) -> list[str]:
    """Lists the biggest losses, those that raise the alarm first."""
    alarmed = [f"! {_line(loss)}" for loss in radius.alarms[:SHOWN]]
    rest = [loss for loss in (radius.whole, *radius.sums, *radius.slices) if loss not in radius.alarms]
    shown = [f"  {_line(loss)}" for loss in rest[: max(SHOWN - len(alarmed), 4)]]
    repos = numbers.counted(len(radius.incomplete), "repository is", "repositories are")
    return ["  lost then   now    of tokens", *alarmed, *shown, "", f"{repos} left incomplete."]


def _line(loss: Loss) -> str:
    then, now = numbers.percent(loss.share), numbers.percent(loss.share_now)
    return f"{then:>8} {now:>7} {numbers.tokens(loss.tokens):>8}  {loss.name}"
