"""Derives copies of samples by a seeded script: exact ones, and near ones that drift away by small edits."""

import random
import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import NamedTuple

SEED = "copies of the demo corpus"
EXACT_COPIES = 18
DRIFTING = 24
GENERATIONS = 4

COMMENT_MARKS = {"Python": "#", "Ruby": "#", "Shell": "#", "SQL": "--", "Lua": "--"}
CAMEL_LANGUAGES = frozenset({"JavaScript", "TypeScript", "Java", "Kotlin", "Go", "C#"})
ASSIGNED = re.compile(r"""(?<![.\w$"'-])(?<![:|>&] )([a-z]\w{2,})(?= *(?::=|=[^=>~]))""")
NUMBER = re.compile(r"""(?<![\w.,"'#%$-])(?<![-+*/%,] )[1-9]\d{1,3}(?![\w."'])""")
MOVABLE = re.compile(r"(?:async )?(?:def|function|func|fn|pub fn|export function|fun) |\w+\(\) \{")
NOTES = ("Copied from another project.", "Kept here until the shared version is ready.", "Adapted for the nightly job.")
ADJECTIVES = ("current", "new", "local", "raw")


class Original(NamedTuple):
    """What a copy is derived from."""

    path: str
    language: str
    text: str


class Copy(NamedTuple):
    """A derived sample; `edit` says in words what was done."""

    path: str
    original: str
    edit: str
    text: str


Edit = Callable[[Original, random.Random], str]
"""Gives the edited text; the text as it was where the edit does not apply."""


def derive_copies(originals: tuple[Original, ...]) -> tuple[Copy, ...]:
    """Exact copies, then near copies; the same for the same originals."""
    chooser = random.Random(SEED)
    exact = chooser.sample(originals, min(EXACT_COPIES, len(originals)))
    copies = [Copy(_copy_path(one, "copy"), one.path, "an exact copy", one.text) for one in exact]
    return (*copies, *_derive_near(originals, chooser))


def _derive_near(originals: tuple[Original, ...], chooser: random.Random) -> Iterator[Copy]:
    for original in chooser.sample(originals, min(DRIFTING, len(originals))):
        yield from _drift(original, chooser)


def _drift(original: Original, chooser: random.Random) -> Iterator[Copy]:
    """Copies that move away step by step: each has one edit more than the one before."""
    copied, done = original, []
    for words, edit in chooser.sample(EDITS, len(EDITS)):
        text = edit(copied, chooser)
        if text != copied.text and len(done) < GENERATIONS:
            copied = copied._replace(text=text)
            done.append(words)
            yield Copy(_copy_path(original, f"near_{len(done)}"), original.path, ", ".join(done), text)


def _copy_path(original: Original, suffix: str) -> str:
    stem, dot, extension = original.path.rpartition(".")
    return f"copies/{stem}_{suffix}{dot}{extension}"


def _rename_one(original: Original, chooser: random.Random) -> str:
    text = original.text
    counts = Counter(re.findall(r"\w+", text))
    names = sorted(
        name for name in set(ASSIGNED.findall(text)) if 2 <= counts[name] <= 10 and _is_only_a_name(name, text)
    )
    if not names:
        return text
    name = chooser.choice(names)
    return re.sub(rf"\b{name}\b", _longer_name(name, original.language, chooser), text)


def _is_only_a_name(name: str, text: str) -> bool:
    """Whether the name never stands behind a dot or a dollar sign, inside quotes or as a keyword argument."""
    return not re.search(rf"[.$'\"{{@:]{name}\b|\b{name}['\"]|[(,] *{name} *=|\b{name}=|\b{name} *:[^=]", text)


def _longer_name(name: str, language: str, chooser: random.Random) -> str:
    adjective = chooser.choice(ADJECTIVES)
    return f"{adjective}{name[0].upper()}{name[1:]}" if language in CAMEL_LANGUAGES else f"{adjective}_{name}"


def _change_number(original: Original, chooser: random.Random) -> str:
    if "test" in original.path.lower():
        return original.text
    lines = original.text.split("\n")
    places = [
        place
        for place, line in enumerate(lines)
        if NUMBER.search(line) and not re.search(r"assert|expect|import", line)
    ]
    if not places:
        return original.text
    place = chooser.choice(places)
    lines[place] = NUMBER.sub(lambda match: str(int(match[0]) + chooser.randint(1, 9)), lines[place], count=1)
    return "\n".join(lines)


def _add_note(original: Original, chooser: random.Random) -> str:
    note = f"{COMMENT_MARKS.get(original.language, '//')} {chooser.choice(NOTES)}"
    first, newline, rest = original.text.partition("\n")
    if first.startswith(("#!", "<?php")):
        return f"{first}{newline}{note}\n{rest}"
    return f"{note}\n{original.text}"


def _swap_functions(original: Original, chooser: random.Random) -> str:
    blocks = re.split(r"(\n\n+(?=\S))", original.text.rstrip("\n"))
    places = [
        place for place in range(0, len(blocks) - 2, 2) if all(map(MOVABLE.match, (blocks[place], blocks[place + 2])))
    ]
    if not places:
        return original.text
    place = chooser.choice(places)
    blocks[place], blocks[place + 2] = blocks[place + 2], blocks[place]
    return "".join(blocks) + "\n"


def _change_indent(original: Original, chooser: random.Random) -> str:
    del chooser
    indents = [len(found) for found in re.findall(r"^( +)\S", original.text, re.MULTILINE)]
    if not indents or "\t" in original.text or "`" in original.text:
        return original.text
    old, new = (4, "  ") if min(indents) >= 4 else (2, "    ")
    return re.sub(
        r"^ +",
        lambda match: new * (len(match[0]) // old) + " " * (len(match[0]) % old),
        original.text,
        flags=re.MULTILINE,
    )


def _drop_blank_lines(original: Original, chooser: random.Random) -> str:
    del chooser
    return re.sub(r"\n\n+", "\n", original.text)


EDITS: tuple[tuple[str, Edit], ...] = (
    ("a name changed", _rename_one),
    ("another name changed", _rename_one),
    ("a third name changed", _rename_one),
    ("a number changed", _change_number),
    ("a comment added", _add_note),
    ("two functions swapped", _swap_functions),
    ("another indentation", _change_indent),
    ("blank lines dropped", _drop_blank_lines),
)
