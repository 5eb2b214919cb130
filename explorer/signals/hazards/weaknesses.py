"""Weak code by the pattern it is known by, a flag with a severity and never a verdict."""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from explorer.signals.anchored import lines_with

MOST_WEAKNESSES = 20
POINTS: Mapping[str, float] = {"high": 3.0, "medium": 1.0, "low": 0.3}
"""What each severity counts in 100 lines of code."""


class Weakness(NamedTuple):
    """A weak place: the rule in words, its severity, the line it stands on."""

    rule: str
    severity: str
    line: int


class Rule(NamedTuple):
    """A pattern and the bytes that it cannot match without."""

    words: str
    severity: str
    anchor: bytes
    pattern: re.Pattern[bytes]


def _rule(words: str, severity: str, anchor: str, pattern: str) -> Rule:
    return Rule(words, severity, anchor.encode(), re.compile(pattern.encode()))


_PYTHON = (
    _rule("eval of a text (CWE-95)", "high", "eval(", r"(?<![\w.])eval\((?!\s*\))"),
    _rule("exec of a text (CWE-95)", "high", "exec(", r"(?<![\w.])exec\((?!\s*\))"),
    _rule("pickle of foreign data (CWE-502)", "high", "pickle.load", r"\bpickle\.loads?\("),
    _rule("yaml.load without a safe loader (CWE-502)", "high", "yaml.load(", r"\byaml\.load\((?![^)\n]*Loader)"),
    _rule("a shell is run (CWE-78)", "high", "shell", r"\bshell\s*=\s*True"),
    _rule("os.system (CWE-78)", "medium", "os.system(", r"\bos\.system\("),
    _rule("SQL put together (CWE-89)", "high", "execute", r"\bexecute(?:many)?\(\s*(?:f[\"']|[\"'][^\"'\n]*[\"']\s*(?:%|\+|\.format))"),
    _rule("certificates are not checked (CWE-295)", "medium", "verify", r"\bverify\s*=\s*False"),
    _rule("a weak hash for passwords (CWE-328)", "medium", "passw", r"(?i)(?:md5|sha1)\([^)\n]*passw|passw\w*[^\n]{0,40}\b(?:md5|sha1)\("),
    _rule("random for a secret (CWE-330)", "medium", "random.", r"(?i)(?:token|secret|passw\w*|salt|nonce)\w*\s*=[^\n]*\brandom\.(?:random|randint|choice)\b"),
    _rule("assert for access (CWE-617)", "low", "assert ", r"(?i)\bassert [^\n]*(?:is_admin|is_authenticated|has_perm|authori[sz]ed)"),
    _rule("mktemp (CWE-377)", "medium", "mktemp(", r"\btempfile\.mktemp\("),
    _rule("a path of a request (CWE-22)", "medium", "request.", r"(?:open|join)\([^)\n]*\brequest\.(?:args|form|GET|POST|params|values)"),
)
_JAVASCRIPT = (
    _rule("innerHTML is set (CWE-79)", "medium", "innerHTML", r"\.innerHTML\s*\+?=(?!=)"),
    _rule("dangerouslySetInnerHTML (CWE-79)", "medium", "dangerouslySetInnerHTML", r"dangerouslySetInnerHTML"),
    _rule("document.write (CWE-79)", "low", "document.write", r"\bdocument\.write(?:ln)?\("),
    _rule("eval of a text (CWE-95)", "high", "eval(", r"(?<![\w.])eval\("),
    _rule("new Function (CWE-95)", "medium", "new Function", r"\bnew Function\("),
    _rule("a command put together (CWE-78)", "high", "exec", r"\b(?:child_process\.)?exec(?:Sync)?\((?:`[^`\n]*\$\{|[^)\n]*[\"'`]\s*\+)"),
    _rule("certificates are not checked (CWE-295)", "medium", "rejectUnauthorized", r"rejectUnauthorized\s*:\s*false"),
)
_C = (
    _rule("gets (CWE-242)", "high", "gets(", r"(?<!\w)gets\("),
    _rule("strcpy (CWE-120)", "medium", "strcpy(", r"(?<!\w)strcpy\("),
    _rule("strcat (CWE-120)", "medium", "strcat(", r"(?<!\w)strcat\("),
    _rule("sprintf (CWE-120)", "medium", "sprintf(", r"(?<![\w])v?sprintf\("),
    _rule("system (CWE-78)", "medium", "system(", r"(?<![\w.])system\("),
    _rule("scanf of a text without a width (CWE-120)", "medium", "scanf(", r"scanf\(\s*\"[^\"\n]*%s"),
)
_JAVA = (
    _rule("a command put together (CWE-78)", "high", "exec(", r"getRuntime\(\)\.exec\([^)\n]*\+"),
    _rule("ObjectInputStream (CWE-502)", "medium", "ObjectInputStream", r"\bnew ObjectInputStream\("),
    _rule("MD5 (CWE-328)", "medium", "MD5", r"getInstance\(\s*\"MD5\""),
    _rule("SQL put together (CWE-89)", "high", "execute", r"execute(?:Query|Update)?\(\s*\"[^\"\n]*\"\s*\+"),
)

RULES: Mapping[str, tuple[Rule, ...]] = {
    "Python": _PYTHON,
    "JavaScript": _JAVASCRIPT,
    "TypeScript": _JAVASCRIPT,
    "C": _C,
    "C++": _C,
    "Java": _JAVA,
    "Kotlin": _JAVA,
    "C#": (
        _rule("BinaryFormatter (CWE-502)", "high", "BinaryFormatter", r"\bnew BinaryFormatter\("),
        _rule("MD5 (CWE-328)", "medium", "MD5", r"\bMD5(?:\.Create\(|CryptoServiceProvider)"),
        _rule("SQL put together (CWE-89)", "high", "SqlCommand(", r"new SqlCommand\(\s*(?:\$\"|\"[^\"\n]*\"\s*\+)"),
    ),
    "PHP": (
        _rule("mysql_query with a variable (CWE-89)", "high", "mysql_query(", r"mysqli?_query\([^;\n]*\$"),
        _rule("unserialize (CWE-502)", "high", "unserialize(", r"\bunserialize\("),
        _rule("eval of a text (CWE-95)", "high", "eval(", r"(?<![\w>])eval\("),
        _rule("a file named by a request (CWE-98)", "high", "$_", r"\b(?:include|require)(?:_once)?\b[^;\n]*\$_(?:GET|POST|REQUEST)"),
        _rule("a request is echoed (CWE-79)", "medium", "echo", r"\becho\b[^;\n]*\$_(?:GET|POST|REQUEST)"),
    ),
    "Go": (
        _rule("certificates are not checked (CWE-295)", "medium", "InsecureSkipVerify", r"InsecureSkipVerify:\s*true"),
        _rule("SQL put together (CWE-89)", "high", "Sprintf", r"\.(?:Query|Exec|QueryRow)\(\s*fmt\.Sprintf\("),
        _rule("a shell is run (CWE-78)", "medium", "exec.Command", r"exec\.Command\(\s*\"(?:sh|bash)\""),
    ),
    "Ruby": (
        _rule("eval of a text (CWE-95)", "high", "eval", r"(?<![\w.])eval[( ]"),
        _rule("Marshal.load (CWE-502)", "high", "Marshal.load", r"\bMarshal\.load\("),
        _rule("YAML.load (CWE-502)", "medium", "YAML.load", r"\bYAML\.load\("),
    ),
    "Shell": (
        _rule("what was downloaded is run (CWE-494)", "high", "|", r"\b(?:curl|wget)\b[^\n|]*\|\s*(?:sudo\s+)?(?:ba|z)?sh\b"),
        _rule("chmod 777 (CWE-732)", "low", "chmod", r"\bchmod\s+(?:-R\s+)?0?777\b"),
    ),
}  # fmt: skip
"""Starting points, editable here; none proves that code is unsafe."""

_COMMENTS: Mapping[str, bytes] = {"Python": b"#", "Ruby": b"#", "Shell": b"#"}


def find_weaknesses(text: bytes, language: str | None) -> tuple[Weakness, ...]:
    """Finds weak places in order, 20 at most; what a comment says does not count."""
    found = sorted(_matches(text, language or ""), key=lambda match: match[0])[:MOST_WEAKNESSES]
    weaknesses: list[Weakness] = []
    line = 1
    before = 0
    for start, rule in found:
        line += text.count(b"\n", before, start)
        before = start
        weaknesses.append(Weakness(rule.words, rule.severity, line))
    return tuple(weaknesses)


def _matches(text: bytes, language: str) -> Iterator[tuple[int, Rule]]:
    comment = _COMMENTS.get(language, b"//")
    for rule in RULES.get(language, ()):
        for start, line in lines_with(text, rule.anchor):
            match = rule.pattern.search(line)
            if match and not _is_comment(line, match.start(), comment):
                yield start + match.start(), rule


def _is_comment(line: bytes, start: int, mark: bytes) -> bool:
    """Whether a comment begins on a line before a place, outside quotes."""
    before = line[:start]
    place = before.find(mark)
    if place < 0:
        return before.lstrip().startswith(b"*")
    quoted = before[:place]
    return quoted.count(b'"') % 2 == 0 and quoted.count(b"'") % 2 == 0


def density(weaknesses: tuple[Weakness, ...], lines: int) -> float:
    """Returns the points of all weak places in 100 lines."""
    return 100 * sum(POINTS[weakness.severity] for weakness in weaknesses) / max(lines, 1)
