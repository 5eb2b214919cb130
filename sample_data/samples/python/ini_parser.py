"""Reads a small dialect of INI files without touching configparser."""

import re

SECTION = re.compile(r"\[(?P<name>[^\]]+)\]\s*$")
PAIR = re.compile(r"(?P<key>[\w.-]+)\s*[=:]\s*(?P<value>.*)$")


class IniError(ValueError):
    def __init__(self, line_number, line):
        super().__init__(f"line {line_number}: cannot understand {line!r}")
        self.line_number = line_number


def parse(text):
    sections = {"": {}}
    current = sections[""]
    for number, raw in enumerate(text.splitlines(), start=1):
        line = raw.split("#", 1)[0].strip()
        if not line:
            continue
        if match := SECTION.match(line):
            current = sections.setdefault(match["name"].strip(), {})
        elif match := PAIR.match(line):
            current[match["key"]] = convert(match["value"].strip())
        else:
            raise IniError(number, raw)
    return sections


def convert(value):
    lowered = value.lower()
    if lowered in {"true", "yes", "on"}:
        return True
    if lowered in {"false", "no", "off"}:
        return False
    try:
        return int(value)
    except ValueError:
        return value.strip('"')
