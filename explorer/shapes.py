"""Shapes that the JSON of our own files must have, and the first place where a value does not fit."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

Shape: TypeAlias = Any
"""`str`, `int`, `float` (a whole number too), `bool`, `dict`, `list`, `object` (anything), None; a tuple of shapes for
any of them; `Only(value)`; `[shape]` for a list; `{"key": shape}` for an object, where a key that ends with `?` may be
missing and other keys are free; `Each(shape)` for an object whose values all have a shape."""

_WORDS = {
    str: "text",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    dict: "an object",
    list: "a list",
}
_MOST_SHOWN = 60


@dataclass(frozen=True)
class Each:
    """An object with any keys, whose values have one shape."""

    shape: Shape


@dataclass(frozen=True)
class Only:
    """One value and no other."""

    value: str | int


def misfit(value: Any, shape: Shape) -> str | None:
    """Names the first place where a value does not have a shape, as `files[2].rows is not a whole number`; or None."""
    for place, wanted in _misfits(value, shape, ""):
        return f"{place[:_MOST_SHOWN] or 'its content'} is {wanted}"
    return None


def _misfits(value: Any, shape: Shape, place: str) -> Iterator[tuple[str, str]]:
    match shape:
        case tuple():
            if all(any(_misfits(value, each, place)) for each in shape):
                yield place, f"not {' or '.join(_word(each) for each in shape)}"
        case list():
            yield from _of_list(value, shape[0], place)
        case Each() | dict():
            yield from _of_object(value, shape, place)
        case Only():
            if type(value) is not type(shape.value) or value != shape.value:
                yield place, f"not {shape.value!r}"
        case _:
            if not _is_plain(value, shape):
                yield place, f"not {_word(shape)}"


def _of_list(value: Any, shape: Shape, place: str) -> Iterator[tuple[str, str]]:
    if not isinstance(value, list):
        yield place, "not a list"
        return
    for number, each in enumerate(value):
        yield from _misfits(each, shape, f"{place}[{number}]")


def _of_object(value: Any, shape: Each | Mapping[str, Shape], place: str) -> Iterator[tuple[str, str]]:
    if not isinstance(value, dict):
        yield place, "not an object"
        return
    dot = f"{place}." if place else ""
    if isinstance(shape, Each):
        for key, each in value.items():
            yield from _misfits(each, shape.shape, f"{dot}{key}")
        return
    for key, wanted in shape.items():
        name = key.removesuffix("?")
        if name in value:
            yield from _misfits(value[name], wanted, f"{dot}{name}")
        elif not key.endswith("?"):
            yield f"{dot}{name}", "missing"


def _is_plain(value: Any, shape: Shape) -> bool:
    if shape is None:
        return value is None
    if shape is float:
        return isinstance(value, int | float) and not isinstance(value, bool)
    if shape is int:
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, shape)


def _word(shape: Shape) -> str:
    if shape is None:
        return "null"
    if isinstance(shape, list):
        return "a list"
    return "an object" if isinstance(shape, Each | dict) else _WORDS.get(shape, "usable")
