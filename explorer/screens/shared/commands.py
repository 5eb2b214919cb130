"""The command palette: whatever a key can do here, by name."""

from collections.abc import Iterator
from functools import partial
from typing import Any, NamedTuple

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content


class _Command(NamedTuple):
    title: str
    help: str
    run: Any


class KeyCommands(Provider):
    """Offers every binding that works on the screen, as `group: what it does`."""

    async def discover(self) -> Hits:
        """Offers all of them before anything is typed."""
        for command in self._commands():
            yield DiscoveryHit(Content(command.title), command.run, help=command.help)

    async def search(self, query: str) -> Hits:
        """Offers those that match what is typed."""
        matcher = self.matcher(query)
        for command in self._commands():
            score = matcher.match(command.title)
            if score > 0:
                yield Hit(score, matcher.highlight(command.title), command.run, help=command.help)

    def _commands(self) -> Iterator[_Command]:
        seen: set[str] = set()
        for active in self.screen.active_bindings.values():
            binding = active.binding
            group, dot, _ = (binding.id or "").partition(".")
            if not dot or binding.system or not active.enabled or binding.action in seen:
                continue
            seen.add(binding.action)
            key = self.app.get_key_display(binding)
            run = partial(self.app.run_action, binding.action, active.node)
            yield _Command(f"{group}: {binding.description.lower()}", f"key {key}", run)
