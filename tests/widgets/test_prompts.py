from collections.abc import Callable

import pytest
from rich.cells import cell_len
from textual.screen import ModalScreen

from tests.widgets.payloads import PAYLOADS, WatchedApp
from widgets.prompts import Ask, Confirm, Key, KeyGroup, KeySheet, Pick, Progress

OPTIONS = (("id", "id", "0000123"), ("path", "path", "src/main.py"), ("cell", "cell", "12"))
NOTHING = object()


async def answer_to(prompt: ModalScreen[object], *keys: str) -> object:
    """What a prompt answers to some keys, or NOTHING while it still waits."""
    app = WatchedApp()
    answers: list[object] = []
    async with app.run_test(size=(60, 20)) as pilot:
        app.push_screen(prompt, answers.append)
        await pilot.pause()
        await pilot.press(*keys)
        await pilot.pause()
    return answers[0] if answers else NOTHING


@pytest.mark.parametrize(
    ("prompt", "keys", "answer"),
    [
        (lambda: Ask("Go to"), ("1", "2", "enter"), "12"),
        (lambda: Ask("Go to", value="old"), ("escape",), None),
        (lambda: Ask("Go to", value="old"), ("1", "enter"), "old1"),
        (lambda: Confirm("Relabel?"), ("enter",), NOTHING),
        (lambda: Confirm("Relabel?"), ("space", "Y", "y"), True),
        (lambda: Confirm("Relabel?"), ("n",), False),
        (lambda: Confirm("Relabel?"), ("escape",), False),
        (lambda: Confirm("Overwrite?", yes="w"), ("y", "enter", "w"), True),
        (lambda: Pick("Copy", OPTIONS), ("enter",), "id"),
        (lambda: Pick("Copy", OPTIONS), ("down", "enter"), "path"),
        (lambda: Pick("Copy", OPTIONS), ("up", "enter"), "cell"),
        (lambda: Pick("Copy", OPTIONS), ("m", "a", "i", "n", "enter"), "path"),
        (lambda: Pick("Copy", OPTIONS), ("x", "x", "enter", "down", "enter"), NOTHING),
        (lambda: Pick("Copy", OPTIONS), ("escape",), None),
        (lambda: KeySheet([KeyGroup("t", (Key("j", "down"),))]), ("f1",), None),
    ],
)
async def test_answers(prompt: Callable[[], ModalScreen[object]], keys: tuple[str, ...], answer: object) -> None:
    assert await answer_to(prompt(), *keys) == answer


async def test_a_job_is_stopped_once_and_stays_until_its_owner_ends_it() -> None:
    app = WatchedApp()
    stops: list[bool] = []
    async with app.run_test(size=(60, 20)) as pilot:
        progress = Progress("Exporting", lambda: stops.append(True))
        app.push_screen(progress)
        await pilot.pause()
        progress.update(0.42, "42 of 100 rows")
        await pilot.pause()
        assert any("42%" in line for line in app.screen_lines())
        assert any("42 of 100 rows" in line for line in app.screen_lines())
        await pilot.press("escape", "escape")
        progress.update(0.5, "50 of 100 rows")
        await pilot.pause()
        assert stops == [True]
        assert any("stopping" in line for line in app.screen_lines())


async def test_the_keys_are_narrowed_by_typing() -> None:
    app = WatchedApp()
    async with app.run_test(size=(80, 24)) as pilot:
        keys = tuple(Key(f"k{number}", f"does {number}", "read-only" if number == 7 else "") for number in range(40))
        app.push_screen(KeySheet([KeyGroup("table", keys), KeyGroup("code", (Key("n", "next match"),))]))
        await pilot.pause()
        assert not any("next match" in line for line in app.screen_lines())
        await pilot.press("pagedown", "pagedown", "pagedown", "pagedown")
        await pilot.pause()
        assert any("next match" in line for line in app.screen_lines())
        await pilot.press(*"does 7")
        await pilot.pause()
        shown = [line for line in app.screen_lines() if "does" in line]
        assert len([line for line in shown if "k7" in line and "read-only" in line]) == 1
        assert not any("k8" in line for line in shown)


@pytest.mark.parametrize("size", [(60, 20), (160, 45)])
async def test_every_payload_is_shown_in_every_prompt_and_none_acts(size: tuple[int, int]) -> None:
    app = WatchedApp()
    everything = "\n".join(PAYLOADS.values())
    async with app.run_test(size=size) as pilot:
        prompts = (
            Ask(everything, everything, everything),
            Ask(PAYLOADS["title"], PAYLOADS["C1 sequences"]),
            Confirm(everything, everything),
            Pick(everything, [(name, payload, payload) for name, payload in PAYLOADS.items()]),
            KeySheet([KeyGroup(payload, (Key(payload, payload, payload),)) for payload in PAYLOADS.values()]),
            Progress(everything),
        )
        for prompt in prompts:
            app.push_screen(prompt)
            await pilot.pause()
            if isinstance(prompt, Progress):
                prompt.update(0.5, everything)
                await pilot.pause()
            assert not app.harm()
            assert all(cell_len(line) == size[0] for line in app.screen_lines())
            app.pop_screen()
        assert app.pwned == 0
