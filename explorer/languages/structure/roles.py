"""What words mean in each language whose structure is measured."""

import sys
from collections.abc import Mapping
from functools import cache
from itertools import count
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from explorer.languages.lexing import word_hash

ROLES = (
    *("", "function", "class", "if", "else", "loop", "case", "try", "catch", "finally", "raise", "return", "with"),
    *("assert", "import", "async", "print", "pass", "acquire", "network", "care", "query", "stale", "broad", "block"),
    *("public", "private", "sleep", "read", "raii", "include", "keyword", "undone", "library"),
)
"""`care` is a timeout or another try; `broad` a type that catches everything; `block` another word that opens one;
`undone` says that something is to be done; of a `library` some members are stale."""

(
    NONE,
    FUNCTION,
    CLASS,
    IF,
    ELSE,
    LOOP,
    CASE,
    TRY,
    CATCH,
    FINALLY,
    RAISE,
    RETURN,
    WITH,
    ASSERT,
    IMPORT,
    ASYNC,
    PRINT,
    PASS,
    ACQUIRE,
    NETWORK,
    CARE,
    QUERY,
    STALE,
    BROAD,
    BLOCK,
    PUBLIC,
    PRIVATE,
    SLEEP,
    READ,
    RAII,
    INCLUDE,
    KEYWORD,
    UNDONE,
    LIBRARY,
) = range(len(ROLES))

Words = Mapping[str, str]
"""The words of some roles, parted by blanks."""

_CARE = (
    "timeout timeouts Timeout retry retries Retry Retries backoff connect_timeout read_timeout WithTimeout "
    "WithDeadline setReadTimeout connectTimeout readTimeout AbortController AbortSignal max_retries maxRetries"
)

_PYTHON: Words = {
    "function": "def",
    "class": "class",
    "if": "if elif",
    "else": "else",
    "loop": "for while",
    "case": "case match",
    "try": "try",
    "catch": "except",
    "finally": "finally",
    "raise": "raise",
    "return": "return",
    "with": "with",
    "assert": "assert",
    "import": "import from",
    "async": "async",
    "print": "print",
    "pass": "pass continue",
    "acquire": "open connect acquire Lock RLock socket urlopen NamedTemporaryFile",
    "network": "requests urlopen httpx aiohttp HTTPConnection HTTPSConnection",
    "care": _CARE,
    "query": "execute executemany query find_one fetchone raw",
    "stale": "distutils componentWillMount asynchat asyncore imp optparse iteritems itervalues xrange unicode "
    "basestring",
    "broad": "Exception BaseException",
    "sleep": "sleep",
    "read": "read readlines",
    "undone": "NotImplementedError NotImplemented",
    "library": "np asyncio",
    "keyword": "and or not in is None True False lambda yield await global nonlocal del as self cls break",
}
_JAVASCRIPT: Words = {
    "function": "function",
    "class": "class interface enum",
    "if": "if",
    "else": "else",
    "loop": "for while do",
    "case": "case",
    "try": "try",
    "catch": "catch",
    "finally": "finally",
    "raise": "throw reject",
    "return": "return",
    "assert": "assert invariant",
    "import": "import require",
    "async": "async",
    "print": "console alert",
    "pass": "continue",
    "acquire": "openSync createConnection connect createReadStream createWriteStream",
    "network": "fetch axios XMLHttpRequest request",
    "care": _CARE,
    "query": "query execute findOne findById fetch",
    "stale": "componentWillMount componentWillReceiveProps componentWillUpdate substr escape unescape",
    "block": "switch",
    "public": "export",
    "sleep": "readFileSync writeFileSync execSync",
    "read": "readFileSync",
    "keyword": "const let var new this typeof instanceof in of await yield delete void null undefined true false "
    "default extends super static break as type from",
}
_JAVA: Words = {
    "class": "class interface enum record",
    "if": "if",
    "else": "else",
    "loop": "for while do",
    "case": "case",
    "try": "try",
    "catch": "catch",
    "finally": "finally",
    "raise": "throw",
    "return": "return",
    "assert": "assert checkNotNull requireNonNull checkArgument checkState",
    "import": "import",
    "print": "println printf printStackTrace",
    "pass": "continue",
    "acquire": "FileInputStream FileOutputStream FileReader FileWriter getConnection Socket ServerSocket "
    "newBufferedReader",
    "network": "HttpClient HttpURLConnection openConnection RestTemplate OkHttpClient",
    "care": _CARE,
    "query": "executeQuery executeUpdate execute createQuery findById",
    "stale": "Vector Hashtable StringBuffer finalize",
    "broad": "Exception Throwable RuntimeException Error",
    "block": "switch synchronized",
    "public": "public",
    "private": "private protected",
    "sleep": "sleep",
    "read": "readAllBytes readAllLines",
    "keyword": "new this super static final abstract void int long double float boolean char byte short null true "
    "false instanceof extends implements package throws default break var native volatile transient",
}
_C: Words = {
    "class": "struct union enum",
    "if": "if",
    "else": "else",
    "loop": "for while do",
    "case": "case",
    "raise": "abort exit goto",
    "return": "return",
    "assert": "assert static_assert BUG_ON WARN_ON",
    "print": "printf puts putchar",
    "pass": "continue",
    "acquire": "malloc calloc realloc fopen open socket opendir mmap strdup kmalloc kzalloc",
    "raii": "free fclose close closedir munmap kfree",
    "network": "connect curl_easy_perform recv",
    "care": f"{_CARE} setsockopt SO_RCVTIMEO CURLOPT_TIMEOUT select poll",
    "query": "mysql_query PQexec sqlite3_exec",
    "stale": "gets strcpy strcat sprintf mysql_query register",
    "block": "switch",
    "private": "static",
    "include": "include",
    "keyword": "int char long short unsigned signed float double void const volatile extern inline sizeof typedef "
    "default break NULL true false define ifdef ifndef endif undef pragma elif defined",
}
_CPP: Words = {
    **_C,
    "class": "class struct union enum namespace",
    "try": "try",
    "catch": "catch",
    "raise": "throw abort exit",
    "print": "printf puts cout",
    "acquire": "malloc calloc fopen socket new",
    "raii": "free fclose delete unique_ptr shared_ptr make_unique make_shared lock_guard unique_lock "
    "scoped_lock ifstream "
    "ofstream fstream",
    "stale": "gets strcpy strcat sprintf auto_ptr register NULL",
    "broad": "exception",
    "private": "static private protected",
    "keyword": f"{_C['keyword']} public template typename using virtual override final this nullptr auto "
    "operator friend "
    "constexpr noexcept explicit mutable bool std",
}
_GO: Words = {
    "function": "func",
    "class": "struct interface",
    "if": "if",
    "else": "else",
    "loop": "for",
    "case": "case",
    "raise": "panic Fatal Fatalf",
    "return": "return",
    "with": "defer",
    "import": "import",
    "print": "Println Printf Print",
    "pass": "continue",
    "acquire": "Open OpenFile Create Lock Dial Listen Connect",
    "network": "http Dial",
    "care": f"{_CARE} Deadline SetDeadline",
    "query": "Query QueryRow Exec",
    "stale": "ioutil",
    "block": "switch select",
    "sleep": "Sleep",
    "read": "ReadAll",
    "keyword": "package var const type map chan go nil true false string int error byte bool make append len range "
    "break default",
}
_RUST: Words = {
    "function": "fn",
    "class": "struct enum trait impl mod",
    "if": "if",
    "else": "else",
    "loop": "for while loop",
    "raise": "panic unreachable Err bail",
    "return": "return",
    "assert": "assert assert_eq assert_ne debug_assert ensure",
    "import": "use extern",
    "async": "async",
    "print": "println print eprintln",
    "pass": "continue",
    "network": "reqwest TcpStream",
    "care": _CARE,
    "query": "query execute",
    "block": "match unsafe",
    "public": "pub",
    "sleep": "sleep",
    "read": "read_to_string read_to_end",
    "keyword": "let mut self Self ref move where as dyn crate super const static type true false None Some Ok in "
    "break await",
}
_CSHARP: Words = {
    **_JAVA,
    "class": "class interface enum record struct namespace",
    "import": "using",
    "print": "WriteLine Write",
    "acquire": "FileStream StreamReader StreamWriter SqlConnection OpenRead OpenWrite",
    "network": "HttpClient WebRequest WebClient",
    "query": "ExecuteReader ExecuteNonQuery ExecuteScalar",
    "stale": "ArrayList Hashtable WebClient",
    "broad": "Exception SystemException",
    "block": "switch lock",
    "keyword": f"{_JAVA['keyword']} string bool object async await virtual override readonly sealed get set in out ref",
}
_PHP: Words = {
    **_JAVASCRIPT,
    "function": "function fn",
    "class": "class interface trait enum",
    "if": "if elseif",
    "loop": "for while foreach do",
    "import": "use require include require_once include_once",
    "print": "echo print var_dump print_r",
    "acquire": "fopen mysqli_connect curl_init fsockopen",
    "raii": "fclose curl_close",
    "network": "curl_exec file_get_contents",
    "query": "query mysqli_query mysql_query",
    "stale": "mysql_query mysql_connect ereg split each create_function",
    "broad": "Exception Throwable",
    "public": "public",
    "private": "private protected",
    "sleep": "",
    "read": "file_get_contents",
}
_KOTLIN: Words = {
    **_JAVA,
    "function": "fun",
    "class": "class interface object enum",
    "with": "use",
    "case": "",
    "block": "when",
    "assert": "require check requireNotNull checkNotNull",
    "keyword": f"{_JAVA['keyword']} val var fun is as in by companion data override open internal lateinit",
}
_SWIFT: Words = {
    **_RUST,
    "function": "func",
    "class": "class struct enum protocol extension",
    "if": "if guard",
    "loop": "for while repeat",
    "case": "case",
    "catch": "catch",
    "try": "do",
    "raise": "throw fatalError",
    "with": "defer",
    "import": "import",
    "assert": "assert precondition",
    "print": "print NSLog",
    "public": "public open",
    "private": "private fileprivate",
}

LANGUAGES: Mapping[str, Words] = {
    "Python": _PYTHON,
    "JavaScript": _JAVASCRIPT,
    "TypeScript": _JAVASCRIPT,
    "Java": _JAVA,
    "C": _C,
    "C++": _CPP,
    "Go": _GO,
    "Rust": _RUST,
    "C#": _CSHARP,
    "PHP": _PHP,
    "Kotlin": _KOTLIN,
    "Swift": _SWIFT,
}

INTEGRATIONS = ("db", "queue", "http", "auth", "cache", "metrics", "config")
_CATEGORIES = (
    "sqlite3 sqlalchemy psycopg psycopg2 pymongo mysql mysql2 pymysql sql gorm jdbc hibernate sequelize "
    "mongoose prisma "
    "mongodb pg sqlx diesel peewee asyncpg typeorm knex cassandra",
    "celery kafka pika rabbitmq amqp amqplib sqs nats kombu rq zmq pubsub sarama bull jms",
    "requests urllib urllib2 urllib3 aiohttp httpx flask fastapi django express axios http https reqwest hyper gin "
    "tornado starlette okhttp3 servlet fiber koa actix_web axum",
    "jwt oauth oauth2 oauthlib passport bcrypt passlib authlib keycloak ldap ldap3 saml jsonwebtoken",
    "redis memcache pymemcache memcached cachetools ioredis caffeine lru_cache aiocache",
    "prometheus_client prometheus statsd opentelemetry datadog sentry_sdk newrelic micrometer tracing sentry",
    "configparser dotenv yaml toml tomllib viper environ dynaconf pydantic_settings config confy hydra omegaconf",
)


class WordTable(NamedTuple):
    """Words by their hash: `slots` (uint32) holds each hash where it belongs, `meanings` (uint8) what it means."""

    slots: npt.NDArray[np.uint32]
    meanings: npt.NDArray[np.uint8]
    factor: int


SLOT_BITS = 12


def _table(words: Mapping[str, int]) -> WordTable:
    """Finds a factor by which no two words fall into one slot."""
    hashes = np.array([word_hash(word) for word in words], np.uint64)
    factor = next(factor for factor in count(0x9E3779B1, 2) if len(np.unique(_slots(hashes, factor))) == len(hashes))
    table = WordTable(np.zeros(1 << SLOT_BITS, np.uint32), np.zeros(1 << SLOT_BITS, np.uint8), factor)
    table.slots[_slots(hashes, factor)] = hashes
    table.meanings[_slots(hashes, factor)] = list(words.values())
    return table


def _slots(hashes: npt.NDArray[np.uint64], factor: int) -> npt.NDArray[np.uint64]:
    return (hashes * np.uint64(factor & 0xFFFFFFFF) & np.uint64(0xFFFFFFFF)) >> np.uint64(32 - SLOT_BITS)


@cache
def roles_of(language: str | None) -> WordTable:
    """Returns what the words of a language mean; nothing for languages whose structure is not measured."""
    words = LANGUAGES.get(language or "", {})
    return _table({word: ROLES.index(role) for role in reversed(ROLES) for word in words.get(role, "").split()})


def _sorted(pairs: Mapping[str, int]) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.uint8]]:
    hashed = sorted((word_hash(word), kind) for word, kind in pairs.items())
    return np.array([value for value, _ in hashed], np.uint32), np.array([kind for _, kind in hashed], np.uint8)


@cache
def integration_words() -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.uint8]]:
    """Returns the hashes of module names that show integration, and which kind each is, from 0."""
    return _sorted({word: kind for kind, listed in enumerate(_CATEGORIES) for word in listed.split()})


@cache
def standard_modules() -> npt.NDArray[np.uint32]:
    """Returns the sorted hashes of the names of Python's own modules."""
    return np.array(sorted(word_hash(name) for name in sys.stdlib_module_names), np.uint32)


(
    INDENTS,
    BRACES,
    NEWLINE_ENDS,
    CALL_DEFINES,
    MACROS,
    TYPED,
    ERR_NIL,
    QUESTION,
    DOC_INSIDE,
    IMPLIED_PUBLIC,
    UPPER_PUBLIC,
) = (1 << bit for bit in range(11))
"""What the structure of a language is like: blocks by indents or braces; whether a line feed ends a statement, a name
with brackets before a brace defines a function, `#` begins a macro, handlers name types, `!= nil` and `?` handle
errors, documentation stands inside; and what makes a definition public."""

SHAPES: Mapping[str, int] = {
    "Python": INDENTS | TYPED | DOC_INSIDE | IMPLIED_PUBLIC,
    "JavaScript": BRACES | NEWLINE_ENDS | CALL_DEFINES | IMPLIED_PUBLIC,
    "TypeScript": BRACES | NEWLINE_ENDS | CALL_DEFINES | IMPLIED_PUBLIC,
    "Java": BRACES | CALL_DEFINES | TYPED,
    "C": BRACES | CALL_DEFINES | MACROS | IMPLIED_PUBLIC,
    "C++": BRACES | CALL_DEFINES | MACROS | TYPED | IMPLIED_PUBLIC,
    "Go": BRACES | NEWLINE_ENDS | ERR_NIL | UPPER_PUBLIC,
    "Rust": BRACES | QUESTION,
    "C#": BRACES | CALL_DEFINES | MACROS | TYPED,
    "PHP": BRACES | TYPED | IMPLIED_PUBLIC,
    "Kotlin": BRACES | NEWLINE_ENDS | TYPED | IMPLIED_PUBLIC,
    "Swift": BRACES | NEWLINE_ENDS,
}


def shape_of(language: str | None) -> int:
    """Returns the shape of a language; 0 where its structure is not measured."""
    return SHAPES.get(language or "", 0)
