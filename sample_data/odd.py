"""Samples with bytes that a version control system or an editor would mend; so they are made, not kept."""

from typing import NamedTuple

ESCAPE, BELL = "\x1b", "\x07"
LONG_LINE_NUMBERS = 8_000
NESTED_BRACKETS = 2_000


class Odd(NamedTuple):
    """An odd sample and, in words, what is odd about it."""

    path: str
    language: str | None
    oddity: str
    content: bytes


def odd_samples() -> tuple[Odd, ...]:
    """All odd samples, in a fixed order."""
    return (*_odd_encodings(), *_odd_line_ends(), *_odd_characters(), *_terminal_texts(), *_odd_shapes())


def _odd_encodings() -> tuple[Odd, ...]:
    greeting = (
        'def greet(name):\n    """Say hello in caf\u00e9 style."""\n    return f"Bonjour, {name}, \u00e7a va ?"\n'
    )
    counter = "let count = 0;\nfunction next() {\n  count += 1;\n  return count;\n}\nmodule.exports = { next };\n"
    quotes = (
        "<?php\n// \u201csmart\u201d quotes \u2013 pasted from a word processor\n$price = '12 \u20ac';\necho $price;\n"
    )
    japanese = (
        "#include <stdio.h>\n"
        "\n"
        "/* \u5024\u3092\u8868\u793a\u3059\u308b */\n"
        "int main(void)\n"
        "{\n"
        '    puts("\u8868");\n'
        "    return 0;\n"
        "}\n"
    )
    return (
        Odd("odd/latin_1.py", "Python", "Latin-1 bytes", b"# -*- coding: latin-1 -*-\n" + greeting.encode("latin-1")),
        Odd(
            "odd/utf_16_mark.js",
            "JavaScript",
            "UTF-16 with a byte order mark",
            b"\xff\xfe" + counter.encode("utf-16-le"),
        ),
        Odd("odd/utf_16_bare.js", "JavaScript", "UTF-16 big-endian without a mark", counter.encode("utf-16-be")),
        Odd("odd/utf_8_mark.py", "Python", "UTF-8 with a byte order mark", b"\xef\xbb\xbf" + greeting.encode()),
        Odd("odd/windows_1252.php", "PHP", "Windows-1252 bytes", quotes.encode("cp1252")),
        Odd(
            "odd/shift_jis.c", "C", "Shift JIS, whose second bytes look like backslashes", japanese.encode("shift_jis")
        ),
        Odd(
            "odd/cut_short.py",
            "Python",
            "UTF-8 cut inside a character",
            greeting.encode()[: greeting.encode().index(b"\xc3") + 1],
        ),
        Odd(
            "odd/surrogates.py",
            "Python",
            "surrogates written as UTF-8",
            b'smile = "\xed\xa0\xbd\xed\xb8\x80"\nprint(len(smile))\n',
        ),
    )


def _odd_line_ends() -> tuple[Odd, ...]:
    loop = (
        b"#include <stdio.h>\n"
        b"\n"
        b"int main(void)\n"
        b"{\n"
        b"    for (int i = 0; i < 3; i++)\n"
        b'        printf("%d\\n", i);\n'
        b"    return 0;\n"
        b"}\n"
    )
    ruby = b"def area(width, height)\n  width * height\nend\n\nputs area(3, 4)\n"
    return (
        Odd("odd/windows_lines.c", "C", "lines that end in CR LF", loop.replace(b"\n", b"\r\n")),
        Odd("odd/old_mac_lines.rb", "Ruby", "lines that end in a lone CR", ruby.replace(b"\n", b"\r")),
        Odd(
            "odd/mixed_lines.rb",
            "Ruby",
            "CR LF, CR and LF in one file",
            ruby.replace(b"\n", b"\r\n", 1).replace(b"end\n", b"end\r"),
        ),
        Odd(
            "odd/no_last_newline.go",
            "Go",
            "no newline at the end",
            b'package main\n\nimport "fmt"\n\nfunc main() {\n\tfmt.Println("done")\n}',
        ),
        Odd(
            "odd/line_separators.js",
            "JavaScript",
            "Unicode line separators",
            "const a = 1;\u2028const b = 2;\u2029const c = a + b;\u0085\n".encode(),
        ),
        Odd(
            "odd/form_feeds.py",
            "Python",
            "form feeds and vertical tabs",
            b"import sys\n\x0c\ndef first():\n    return 1\n\x0b\n\x0cdef second():\n    return 2\n",
        ),
    )


def _odd_characters() -> tuple[Odd, ...]:
    trojan = (
        "const role = 'user';\n"
        "if (role !== 'user\u202e \u2066// only admins\u2069 \u2066') {\n"
        "  console.log('admin');\n"
        "}\n"
    )
    hidden = (
        "limit = 10\nli\u200bmit_copy = 20\nwidth\ufeff = 3  # \u200d\u2060\u00ad invisible company\nprint(limit)\n"
    )
    marks = 'word = "' + "".join(letter + "\u0301\u0323\u0336\u035c" * 4 for letter in "stacked") + '"\nprint(word)\n'
    wide = (
        'flags = {"\U0001f1eb\U0001f1f7": "fr", "\U0001f468\u200d\U0001f469\u200d\U0001f467": "family",'
        ' "\uff21\uff22": "wide"}\n'
        "for flag in flags:\n"
        "    print(flag)\n"
    )
    lookalikes = "p\u0430ssword = input()\npassword = 'guest'\nif p\u0430ssword == password:\n    print('\u03bfk')\n"
    return (
        Odd(
            "odd/nul_bytes.c",
            "C",
            "NUL bytes inside a string",
            b'static const char table[] = "one\x00two\x00\x00three";\nint count(void) { return sizeof table; }\n',
        ),
        Odd("odd/bidi_overrides.js", "JavaScript", "bidirectional overrides that hide a condition", trojan.encode()),
        Odd("odd/zero_width.py", "Python", "zero-width characters in names", hidden.encode()),
        Odd("odd/combining_marks.py", "Python", "stacks of combining marks", marks.encode()),
        Odd("odd/wide_characters.py", "Python", "flags, joined emoji and full-width letters", wide.encode()),
        Odd("odd/lookalikes.py", "Python", "Cyrillic and Greek letters that look Latin", lookalikes.encode()),
    )


def _terminal_texts() -> tuple[Odd, ...]:
    title = f"#!/bin/sh\nprintf '{ESCAPE}]0;not your title{BELL}'\nprintf '{ESCAPE}]52;c;bm90IHlvdXJzCg=={BELL}'\n"
    colours = (
        f"#!/bin/sh\n"
        f"echo '{ESCAPE}[31mred {ESCAPE}[5mblinking{ESCAPE}[0m plain'\n"
        f"echo '{ESCAPE}[2J{ESCAPE}[H{ESCAPE}[?1049l{ESCAPE}c'\n"
    )
    markup = (
        'WELCOME = "[bold red]Hello[/bold red] [link=https://example.org]there[/link] [/]"\n'
        'MENU = "[@click=app.quit]quit[/] [on blue]x"\n'
        'print(WELCOME, MENU, "[$error]", ":warning:")\n'
    )
    bells = f'alerts = ["{BELL}", "\b\b\b", "{ESCAPE}P1$r{ESCAPE}\\\\", "{ESCAPE}[6n"]\nprint(len(alerts))\n'
    return (
        Odd("odd/title_escape.sh", "Shell", "escapes that set a title and a clipboard", title.encode()),
        Odd("odd/colour_escapes.sh", "Shell", "escapes that paint, clear and reset", colours.encode()),
        Odd(
            "odd/eight_bit_controls.sh",
            "Shell",
            "control bytes of the upper half",
            b"#!/bin/sh\necho '\x9b31m red \x9d0;title\x9c \x90q\x9c'\n",
        ),
        Odd("odd/screen_markup.py", "Python", "text that looks like the markup of a screen", markup.encode()),
        Odd("odd/bells.py", "Python", "bells, backspaces and questions to the terminal", bells.encode()),
    )


def _odd_shapes() -> tuple[Odd, ...]:
    numbers = ",".join(str(number * number % 9973) for number in range(LONG_LINE_NUMBERS))
    nested = "[" * NESTED_BRACKETS + "]" * NESTED_BRACKETS
    comments = "# To do:\n# * read the settings\n# * open the port\n#\n# Nothing is written yet.\n"
    tabs = (
        "def total(prices):\n"
        "\tamount = 0\n"
        "        # eight spaces under a tab\n"
        "\tfor price in prices:\n"
        "\t    amount += price  \t \n"
        "\treturn amount\n"
    )
    return (
        Odd("odd/long_line.js", "JavaScript", "one very long line", f"export const squares = [{numbers}];\n".encode()),
        Odd("odd/deep_brackets.json", None, "very deep nesting", f"{nested}\n".encode()),
        Odd("odd/only_comments.py", "Python", "comments and no code", comments.encode()),
        Odd("odd/mixed_tabs.py", "Python", "tabs and spaces mixed", tabs.encode()),
        Odd("odd/blank.py", "Python", "white space only", b" \n\t\n   \n"),
        Odd("odd/empty.py", "Python", "no byte at all", b""),
        Odd(
            "odd/no_suffix",
            None,
            "no suffix and no language",
            b"#!/usr/bin/env python3\nprint('which language is this?')\n",
        ),
    )
