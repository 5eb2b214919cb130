"""Looks at single texts with the measures, for tables of cases."""

import sysconfig
from pathlib import Path

import pyarrow as pa

from explorer.diversity.shapes import shapes
from explorer.diversity.styling import style
from explorer.languages.streams import KEYWORD, LITERAL, NAME, Lexed, Stream, lex, stream_of

STANDARD = tuple(
    path
    for path in sorted(Path(sysconfig.get_paths()["stdlib"]).rglob("*.py"))
    if not {"site-packages", "test", "lib2to3"} & set(path.parts)
)
"""The files of the standard library, always in the same order."""


def raw(text: str | bytes) -> bytes:
    return text.encode() if isinstance(text, str) else text


def column(*texts: str | bytes) -> pa.LargeBinaryArray:
    return pa.array([raw(text) for text in texts], pa.large_binary())


def lexed(*texts: str | bytes, language: str | None = "Python") -> Lexed:
    return lex(column(*texts), language)


def stream(*texts: str | bytes, language: str | None = "Python") -> Stream:
    return stream_of(lexed(*texts, language=language))


def spelled(text: str | bytes, language: str | None) -> str:
    """The stream of a text: names as they are, keywords in angles, strings and numbers as `S` and `N`, signs plain."""
    cut = lexed(text, language=language)
    told = stream_of(cut)
    signs = {NAME: "{}", KEYWORD: "<{}>"}
    parts: list[str] = []
    for kind, value, begin, end in zip(told.kinds, told.hashes, told.begins, told.ends, strict=True):
        part = raw(text)[begin:end].decode("utf-8", "replace")
        literal = "S" if value == 1 else "N"
        parts.append(literal if kind == LITERAL else signs.get(int(kind), "{}").format(part))
    return " ".join(parts)


def shapes_of(text: str | bytes, language: str) -> list[int]:
    """The shapes of the functions of one text."""
    return shapes(lexed(text, language=language), language)[0].tolist()


def style_of(text: str | bytes, language: str = "Python") -> dict[str, float]:
    """The axes of one text."""
    return {name: float(values[0]) for name, values in style(lexed(text, language=language), language).items()}
