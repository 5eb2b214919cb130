"""Syntax colours of code as spans of style expressions, line by line."""

from collections.abc import Sequence
from functools import cache
from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pygments.lexer import Lexer

Spans = tuple[tuple[int, int, str], ...]
"""Start, end and style expression of the coloured parts of one line."""

CHARACTERS_LEXED = 200_000
COLUMNS_LEXED = 2000
SECONDS = 3.0
PAUSE_BEFORE_LEXING = 0.03
"""Seconds: a curator who runs down a list shows many texts for a moment each; only the one that stays is worth it."""

_ALIASES = {
    "c++": "cpp",
    "c#": "csharp",
    "f#": "fsharp",
    "objective-c": "objectivec",
    "objective-c++": "objectivec++",
    "shell": "bash",
    "vue": "html",
    "svelte": "html",
    "jupyter notebook": "json",
    "jsx": "javascript",
    "typescriptreact": "tsx",
    "visual basic .net": "vb.net",
    "vim script": "vim",
    "emacs lisp": "emacs-lisp",
    "common lisp": "common-lisp",
    "assembly": "nasm",
    "batchfile": "batch",
    "protocol buffer": "protobuf",
    "text": "",
    "plain text": "",
    "unknown": "",
}
_STYLES = {
    "Comment": "$foreground 65%",
    "Comment.Preproc": "$text-secondary",
    "Keyword": "$text-accent",
    "Keyword.Constant": "$text-warning",
    "Keyword.Type": "$text-primary",
    "Name.Attribute": "$text-warning",
    "Name.Builtin": "$text-primary",
    "Name.Class": "$text-primary bold",
    "Name.Constant": "$text-warning",
    "Name.Decorator": "$text-secondary",
    "Name.Exception": "$text-error",
    "Name.Function": "$text-primary bold",
    "Name.Tag": "$text-accent",
    "Literal.Number": "$text-warning",
    "Literal.String": "$text-success",
    "Literal.String.Doc": "$text-success italic",
    "Literal.String.Escape": "$text-warning",
    "Operator.Word": "$text-accent",
    "Generic.Deleted": "$text-error",
    "Generic.Inserted": "$text-success",
    "Generic.Heading": "bold",
    "Generic.Strong": "bold",
    "Generic.Emph": "italic",
}


@cache
def lexer_for(language: str) -> "Lexer | None":
    """Find the lexer of a language by its name; an unknown language is plain text, never a guess."""
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    name = language.strip().lower()
    name = _ALIASES.get(name, name)
    if not name:
        return None
    for spelling in (name, name.replace(" ", "-"), name.replace(" ", "")):
        try:
            return get_lexer_by_name(spelling, stripnl=False, stripall=False, ensurenl=False)
        except ClassNotFound:
            continue
    return None


@cache
def _style_of(token: tuple[str, ...]) -> str:
    """Choose the style of a kind of token, or of the nearest kind above it."""
    for length in range(len(token), 0, -1):
        if (style := _STYLES.get(".".join(token[:length]))) is not None:
            return style
    return ""


def highlight(lines: Sequence[str], language: str | None) -> tuple[Spans, ...]:
    """Colour the first lines of a text; offsets count characters of the raw line.

    Lines beyond `CHARACTERS_LEXED` have no spans, and lines longer than `COLUMNS_LEXED` are passed over.
    """
    lexer = lexer_for(language) if language else None
    if lexer is None:
        return ()
    text = "\n".join(_lexed_part(lines))
    spans: list[list[tuple[int, int, str]]] = [[]]
    column = 0
    deadline = monotonic() + SECONDS
    for _, token, piece in lexer.get_tokens_unprocessed(text):
        if monotonic() > deadline:
            break
        style = _style_of(tuple(token))
        for number, part in enumerate(piece.split("\n")):
            if number:
                spans.append([])
                column = 0
            if style and part:
                spans[-1].append((column, column + len(part), style))
            column += len(part)
    return tuple(map(tuple, spans))


def _lexed_part(lines: Sequence[str]) -> list[str]:
    kept: list[str] = []
    budget = CHARACTERS_LEXED
    for line in lines:
        lexed = line if len(line) <= COLUMNS_LEXED else ""
        budget -= len(lexed) + 1
        if budget < 0:
            break
        kept.append(lexed)
    return kept
