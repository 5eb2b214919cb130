"""Secrets, personal data and weak code: what is found, what is not, and that nothing of a secret survives masking."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer.signals.hazards import find_hazards
from explorer.signals.hazards.export_scan import scanning
from explorer.signals.hazards.masking import MARK, mask_secrets, mask_values, redact
from explorer.signals.hazards.personal import find_personal
from explorer.signals.hazards.secrets import find_secrets
from explorer.signals.hazards.weaknesses import find_weaknesses
from tests.signals.code import batch_of

LETTERS = "aZ9bY8cX7dW6eV5fU4gT3hS2iR1jQ0kPlOmNnMoLpKqJrIsHtGuFvEwDxCyBzA"
HEX = "0a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f9"


def planted() -> dict[str, str]:
    """One secret of each kind, put together here so that no file holds one."""
    long = LETTERS * 4
    key = "PRIVATE KEY"
    return {
        "AWS access key": "AKI" + "A" + "Q3EGB7YT2WLK5HMD",
        "AWS temporary key": "ASI" + "A" + "Q3EGB7YT2WLK5HMD",
        "GitHub token": "gh" + "p_" + LETTERS[:36],
        "GitHub fine-grained token": "github" + "_pat_" + long[:70],
        "GitLab token": "gl" + "pat-" + LETTERS[:20],
        "Slack token": "xo" + "xb-" + LETTERS[:24],
        "Slack webhook": "hooks.slack" + ".com/services/T" + LETTERS[:9] + "/B" + LETTERS[:9] + "/" + LETTERS[:24],
        "Stripe key": "sk_" + "live_" + LETTERS[:24],
        "Google key": "AI" + "za" + LETTERS[:35],
        "SendGrid key": "S" + "G." + LETTERS[:22] + "." + LETTERS[:43],
        "OpenAI key": "s" + "k-" + LETTERS[:24] + "T3Blbk" + "FJ" + LETTERS[:24],
        "Anthropic key": "sk-" + "ant-api03-" + long[:93],
        "Hugging Face token": "h" + "f_" + "".join(c for c in long if c.isalpha())[:34],
        "DigitalOcean token": "do" + "p_v1_" + HEX,
        "Twilio key": "S" + "K" + HEX[:32],
        "JSON web token": "ey" + "J" + LETTERS[:20] + ".ey" + "J" + LETTERS[:20] + "." + LETTERS[:30],
        "npm token": "np" + "m_" + LETTERS[:36],
        "PyPI token": "pypi-" + "AgEIcHlwaS5vcmc" + long[:60],
        "Azure account key": "Account" + "Key=" + long[:86] + "==",
        "private key": f"-----BEGIN RSA {key}-----\n{long[:64]}\n{long[:40]}\n-----END RSA {key}-----",
        "password or key": 'password = "' + "hu6nter2kQ!" + '"',
    }


PLANTED = planted()


@pytest.mark.parametrize("kind", PLANTED)
def test_a_planted_secret_of_each_kind_is_found_and_hidden(kind: str) -> None:
    text = f"# before\nvalue = f({PLANTED[kind]!r}) # after\n" if kind != "private key" else f"a\n{PLANTED[kind]}\nb\n"
    if kind == "password or key":
        text = f"a\n{PLANTED[kind]}\n"
    (secret,) = find_secrets(text)
    assert (secret.kind, secret.is_soft) == (kind, kind == "password or key")
    hidden = text[secret.start : secret.end]
    masked, spans = mask_secrets(text)
    assert hidden[:4] in masked
    assert hidden[4:] not in masked
    assert len(masked) == len(text)
    assert [line.count("\n") for line in masked] == [line.count("\n") for line in text]
    assert {span.kind for span in spans} == {kind}
    shown = masked.split("\n")
    assert all(shown[span.line - 1][span.start : span.end].strip(MARK)[5:] == "" for span in spans)
    assert hidden not in redact(text)[0]
    assert find_hazards(batch_of(text)).to_pylist()[0]["secrets"] == [kind]
    with scanning() as (scan, _):
        assert bool(scan(text)) == (kind != "password or key")


@pytest.mark.parametrize(
    "text",
    [
        "AKIAIOSFODNN7" + "EXAMPLE",
        "password = 'changeme'", "password = 'your-password-here'", 'token: "${TOKEN}"', "token = '<your token>'",
        "api_key = os.environ['API_KEY']", "password = ''", "password = 'xxxxxxxx'", "secret = 'test-secret'",
        "ghp_" + "x" * 36, "the token is given", "keyword = 'something long'", 'key: "value of something"',
    ],
)  # fmt: skip
def test_what_documentation_writes_is_no_secret(text: str) -> None:
    assert find_secrets(text) == ()


@given(st.lists(st.sampled_from([*PLANTED.values(), "x = 1\n", "é\n", "'", " "]), max_size=8).map("\n".join))
@settings(max_examples=80, deadline=None)
def test_masking_moves_nothing_and_leaves_nothing_to_mask(text: str) -> None:
    masked, spans = mask_secrets(text)
    assert [len(line) for line in masked.split("\n")] == [len(line) for line in text.split("\n")]
    assert all(0 <= span.start <= span.end <= len(masked.split("\n")[span.line - 1]) for span in spans)
    for secret in PLANTED.values():
        assert secret not in masked
    assert mask_values(masked) == masked


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("mail bob.smith@gmail.com now", ["e-mail address"]),
        ("# Copyright (c) Bob <bob.smith@gmail.com>", ["author's e-mail"]),
        ("user@example.com me@localhost git@github.com noreply@x.org", []),
        ("@decorator\ndef f(): a@b", []),
        ("server = '93.184.216.34'", ["IP address"]),
        ("127.0.0.1 10.1.2.3 192.168.0.1 203.0.113.7 8.8.8.8", []),
        ("version 1.2.3.4", []),
        ("2001:0db8:85a3:0000:0000:8a2e:0370:7334", []),
        ("2a00:1450:4001:0830:0000:0000:0000:200e", ["IP address"]),
    ],
)
def test_addresses_of_people_and_machines_are_found(text: str, kinds: list[str]) -> None:
    assert [found.kind for found in find_personal(text)] == kinds
    assert find_hazards(batch_of(text)).to_pylist()[0]["personal"] == kinds


@pytest.mark.parametrize(
    ("language", "hit", "miss"),
    [
        ("Python", "eval(x)", "literal_eval(x)"),
        ("Python", "pickle.loads(x)", "# pickle.loads(x)"),
        ("Python", "yaml.load(x)", "yaml.load(x, Loader=SafeLoader)"),
        ("Python", "run(x, shell=True)", "run(x, shell=False)"),
        ("Python", "db.execute('select ' + x)", "db.execute('select ?', x)"),
        ("Python", "get(url, verify=False)", "get(url, verify=True)"),
        ("Python", "tempfile.mktemp()", "tempfile.mkstemp()"),
        ("JavaScript", "a.innerHTML = b", "a.innerHTML == b"),
        ("JavaScript", "child_process.exec('rm ' + x)", "child_process.exec('ls')"),
        ("C", "strcpy(a, b);", "strncpy(a, b, n);"),
        ("C", "gets(a);", "fgets(a, n, f);"),
        ("Java", 'MessageDigest.getInstance("MD5")', 'MessageDigest.getInstance("SHA-256")'),
        ("PHP", "mysql_query('a' . $b)", "mysql_query('a')"),
        ("Go", "InsecureSkipVerify: true", "InsecureSkipVerify: false"),
        ("Ruby", "Marshal.load(x)", "Marshal.dump(x)"),
        ("Shell", "curl x | sh", "curl x | less"),
        ("C#", "new BinaryFormatter()", "new XmlSerializer()"),
    ],
)
def test_weak_code_is_flagged_where_it_stands(language: str, hit: str, miss: str) -> None:
    (found,) = find_weaknesses(f"x\n\n{hit}\n".encode(), language)
    assert found.line == 3
    assert found.severity in ("high", "medium", "low")
    assert find_weaknesses(f"x\n\n{miss}\n".encode(), language) == ()
    assert find_weaknesses(f"{hit}\n".encode(), "Text") == ()


def test_the_density_weighs_severities() -> None:
    text = "eval(x)\n" + "y = 1\n" * 98 + "verify=False"
    assert find_hazards(batch_of(text)).to_pylist()[0]["weakness_density"] == pytest.approx(4.0)


def test_long_lines_are_looked_through_in_one_pass() -> None:
    for text in ("password='" * 300_000, "a@" * 1_000_000, "1." * 1_000_000, "eval(" * 500_000, "eyJ" * 1_000_000):
        find_hazards(batch_of(text))


@given(st.binary(max_size=400))
@settings(max_examples=60, deadline=None)
def test_no_bytes_make_a_search_fail(text: bytes) -> None:
    find_hazards(batch_of(text))
