"""Every public column of `samples`, declared once: its type, unit, meaning and what an empty value says.

Lists of columns elsewhere derive from these records: the names that a corpus's own columns must avoid, what a quality
scale may weigh, which percentiles an index keeps, the descriptions in `corpus info`, in the chooser of a sort column
and in the README.
"""

from typing import NamedTuple


class Column(NamedTuple):
    """One public column."""

    name: str
    kind: str
    """DuckDB type."""
    group: str
    meaning: str
    """One sentence without its period."""
    empty: str = ""
    """What null means; empty where the column is never null."""
    unit: str = ""
    title: str = ""
    """What a page of statistics calls it, where one does."""
    is_weighable: bool = False
    """Whether a quality scale may give it a weight."""
    has_percentile: bool = False
    """Whether the index keeps its percentile, from 0 to 1, among comparable samples as `<name>_pct`."""


SAMPLE, JUDGEMENT, CLUSTER, LABEL = "sample", "judgement", "cluster", "label"
LINES, COMMENTS, ERRORS, STRUCTURE = "lines", "comments and names", "error handling", "structure"
PROVENANCE, DIMENSION, LICENCE, SAFETY, AGE = "provenance", "part of the quality", "licence", "safety", "age"

TEXT, WHOLE, LARGE, SMALL, YES_NO, LIST = "VARCHAR", "INTEGER", "BIGINT", "TINYINT", "BOOLEAN", "VARCHAR[]"
NUMBER, DOUBLE = "FLOAT", "DOUBLE"
SHARE = "0 to 1"
UNPARSED = "the structure of its language is not read"
NO_TEXT = "the sample has no text"
NO_RULES = "no text, or no rules for its language"
TOO_SHORT = "no functions, or fewer than 20 lines of code"
NOT_GIVEN = "the corpus does not say"
NO_QUALITY = "no part of the quality is known"

COLUMNS = (
    Column("row", LARGE, SAMPLE, "Position of the sample in the index, from 0"),
    Column("id", TEXT, SAMPLE, "Stable name: the corpus's own unique id, else a hash of content, repository and path"),
    Column("content", TEXT, SAMPLE, "The text itself, read from the corpus only when it is asked for"),
    Column("language", TEXT, SAMPLE, "Programming language, given or recognised by the path", "not recognised"),
    Column("repo", TEXT, SAMPLE, "Repository", NOT_GIVEN),
    Column("path", TEXT, SAMPLE, "Path inside the repository", NOT_GIVEN),
    Column("created", "TIMESTAMP", SAMPLE, "Date of the sample", "no date, or a placeholder date"),
    Column("bytes", LARGE, SAMPLE, "Length of the text", unit="bytes"),
    Column("lines", LARGE, SAMPLE, "Lines of the text"),
    Column("tokens", LARGE, SAMPLE, "Tokens of the text, exact or estimated"),
    Column("tokens_exact", YES_NO, SAMPLE, "Whether the tokens were counted by the tokenizer"),
    Column("sha256", "BLOB", SAMPLE, "SHA-256 of the text"),
    Column("valid_utf8", YES_NO, SAMPLE, "Whether the bytes are UTF-8"),
    Column(
        "tier", SMALL, JUDGEMENT, "1 expert-reviewed, 2 professional, 3 educational, 4 unfiltered", "not yet tiered"
    ),
    Column("tier_source", TEXT, JUDGEMENT, "Who set the tier: label, suggested or given", "not yet tiered"),
    Column("suggested_tier", SMALL, JUDGEMENT, "Tier that the rules suggest", "the rules suggest none"),
    Column(
        "suggestion_confidence", NUMBER, JUDGEMENT, "Confidence of the suggestion", "the rules suggest none", unit=SHARE
    ),
    Column("origin", TEXT, JUDGEMENT, "Who wrote it: human, synthetic, mixed or unknown"),
    Column("origin_evidence", TEXT, JUDGEMENT, "What the origin rests on", "nothing is known of the origin"),
    Column("gates", LIST, JUDGEMENT, "Codes of the gates that hold it back from a mix"),
    Column("quality", NUMBER, JUDGEMENT, "Quality from 0 to 100", NO_QUALITY),
    Column("quality_pct", NUMBER, JUDGEMENT, "Percentile of the quality in its language, 0 to 100", NO_QUALITY),
    Column("quality_coverage", NUMBER, JUDGEMENT, "Share of the weights whose values were known", unit=SHARE),
    Column("hygiene", NUMBER, DIMENSION, "Part of the quality: lines and encoding", NO_QUALITY, SHARE),
    Column("documentation", NUMBER, DIMENSION, "Part of the quality: comments and names", NO_QUALITY, SHARE),
    Column("error_handling", NUMBER, DIMENSION, "Part of the quality: error handling", TOO_SHORT, SHARE),
    Column("structure", NUMBER, DIMENSION, "Part of the quality: size and shape of functions", UNPARSED, SHARE),
    Column("provenance", NUMBER, DIMENSION, "Part of the quality: review and repository", NOT_GIVEN, SHARE),
    Column("low_risk", NUMBER, DIMENSION, "Part of the quality: secrets, weaknesses, age", NO_QUALITY, SHARE),
    Column("cluster", LARGE, CLUSTER, "Number of its cluster of near-duplicates", "it has no near-duplicate"),
    Column("cluster_size", LARGE, CLUSTER, "Samples in its cluster, itself included"),
    Column("survivor", YES_NO, CLUSTER, "Whether a mix keeps it for its cluster"),
    Column(
        "similarity", DOUBLE, CLUSTER, "Jaccard similarity to the survivor", "not compared with the survivor", SHARE
    ),
    Column("direct", YES_NO, CLUSTER, "Whether it reaches the threshold with the survivor", "not compared"),
    Column("redundant", YES_NO, CLUSTER, "Whether a mix leaves it out as a near-duplicate"),
    Column("verdict", TEXT, LABEL, "Your verdict: keep or drop", "no verdict"),
    Column("note", TEXT, LABEL, "Your note", "no note"),
    Column("labelled", YES_NO, LABEL, "Whether it has a label of any kind"),
    Column("conflict", YES_NO, LABEL, "Whether the latest decisions of two curators differ"),
    Column("mean_line_length", NUMBER, LINES, "Mean length of a line", "no lines", "characters", is_weighable=True),
    Column("max_line_length", WHOLE, LINES, "Length of the longest line", unit="characters", is_weighable=True),
    Column(
        "alphabetic_share", NUMBER, LINES, "Letters among visible characters", "no characters", SHARE, is_weighable=True
    ),
    Column("duplicate_line_share", NUMBER, LINES, "Lines that repeat another", "no lines", SHARE, is_weighable=True),
    Column("encoded_share", NUMBER, LINES, "Bytes of encoded data", "the text is empty", SHARE, is_weighable=True),
    Column("encoded_run", WHOLE, LINES, "Longest run of encoded data", unit="bytes"),
    Column("top_bigram_share", NUMBER, LINES, "Most frequent pair of words", "no words", SHARE, is_weighable=True),
    Column("top_trigram_share", NUMBER, LINES, "Most frequent three words", "no words", SHARE, is_weighable=True),
    Column("top_fourgram_share", NUMBER, LINES, "Most frequent four words", "no words", SHARE, is_weighable=True),
    Column(
        "parse_score",
        NUMBER,
        LINES,
        "1 where it parses or its brackets balance, less where they do not",
        "prose, or Python that was not parsed",
        SHARE,
        is_weighable=True,
    ),
    Column(
        "comment_share",
        NUMBER,
        COMMENTS,
        "Bytes in comments and docstrings, the licence header not counted",
        "the text is empty",
        SHARE,
        "share of comments",
        is_weighable=True,
    ),
    Column(
        "documented_share",
        NUMBER,
        COMMENTS,
        "Public definitions with documentation",
        "no public definition",
        SHARE,
        "documented definitions",
        is_weighable=True,
    ),
    Column(
        "reasoned_comment_share",
        NUMBER,
        COMMENTS,
        "Comment lines that give a reason",
        "no comment",
        SHARE,
        "comments with a reason",
        is_weighable=True,
        has_percentile=True,
    ),
    Column("subwords_per_identifier", NUMBER, COMMENTS, "Words in a name, on average", "no names", is_weighable=True),
    Column(
        "context_share",
        NUMBER,
        COMMENTS,
        "Context at hand: commit message, pull request, README, issue, API documentation",
        NOT_GIVEN,
        SHARE,
        is_weighable=True,
    ),
    Column(
        "handlers_per_100",
        NUMBER,
        ERRORS,
        "Error handlers in 100 lines of code",
        TOO_SHORT,
        title="handlers in 100 lines",
        is_weighable=True,
        has_percentile=True,
    ),
    Column(
        "specific_handler_share",
        NUMBER,
        ERRORS,
        "Handlers that name the error they catch",
        "no handler",
        SHARE,
        "handlers of a named error",
        is_weighable=True,
    ),
    Column(
        "handled_share",
        NUMBER,
        ERRORS,
        "Handlers that do something about the error",
        "no handler",
        SHARE,
        "handlers that do something",
        is_weighable=True,
    ),
    Column(
        "guards_per_function",
        NUMBER,
        ERRORS,
        "Checks of arguments in a function",
        TOO_SHORT,
        title="guards a function",
        is_weighable=True,
        has_percentile=True,
    ),
    Column(
        "cleanup_share",
        NUMBER,
        ERRORS,
        "Opened resources that are surely closed",
        "none is opened",
        SHARE,
        is_weighable=True,
    ),
    Column(
        "network_care_share",
        NUMBER,
        ERRORS,
        "Network calls with a timeout or a retry",
        "no network call",
        SHARE,
        is_weighable=True,
    ),
    Column(
        "function_length_p90",
        NUMBER,
        STRUCTURE,
        "Length that nine of ten functions keep",
        "no function",
        "lines",
        is_weighable=True,
    ),
    Column("nesting_depth", WHOLE, STRUCTURE, "Deepest nesting of blocks", UNPARSED, "levels", is_weighable=True),
    Column(
        "branches_per_function", NUMBER, STRUCTURE, "Branches in a function, plus 1", "no function", is_weighable=True
    ),
    Column("functions", WHOLE, STRUCTURE, "Functions and methods", UNPARSED, is_weighable=True),
    Column("classes", WHOLE, STRUCTURE, "Classes and types", UNPARSED, is_weighable=True),
    Column("code_lines", WHOLE, STRUCTURE, "Lines with code on them", is_weighable=True),
    Column(
        "no_logic_share",
        NUMBER,
        STRUCTURE,
        "Lines that only define, import or assign",
        UNPARSED,
        SHARE,
        is_weighable=True,
    ),
    Column("print_line_share", NUMBER, STRUCTURE, "Lines that print", UNPARSED, SHARE, is_weighable=True),
    Column("placeholder_share", NUMBER, STRUCTURE, "Lines left to be done", UNPARSED, SHARE, is_weighable=True),
    Column("flags", LIST, STRUCTURE, "Names of habits that were seen", UNPARSED),
    Column("soft_rules", LIST, STRUCTURE, "Names of heuristic rules that fired"),
    Column("integrations", LIST, STRUCTURE, "Kinds of systems that the imports name", UNPARSED),
    Column(
        "third_party_imports",
        WHOLE,
        STRUCTURE,
        "Imported packages outside the standard library",
        UNPARSED,
        title="third-party imports",
        is_weighable=True,
    ),
    Column("vendored", YES_NO, STRUCTURE, "Whether the path says that it is vendored or generated", "no path"),
    Column(
        "review_level",
        NUMBER,
        PROVENANCE,
        "1 approved by another person, 0.5 merged, 0 none",
        NOT_GIVEN,
        is_weighable=True,
    ),
    Column(
        "repo_contributors", WHOLE, PROVENANCE, "People who contribute to the repository", NOT_GIVEN, is_weighable=True
    ),
    Column("repo_stars", WHOLE, PROVENANCE, "Stars of the repository", NOT_GIVEN, is_weighable=True),
    Column("repo_forks", WHOLE, PROVENANCE, "Forks of the repository", NOT_GIVEN),
    Column("repo_commits", WHOLE, PROVENANCE, "Commits of the repository", NOT_GIVEN),
    Column("repo_active_days", WHOLE, PROVENANCE, "Days between its first and its last commit", NOT_GIVEN, "days"),
    Column(
        "maintenance",
        NUMBER,
        PROVENANCE,
        "How far the repository has 100 commits over 100 days",
        NOT_GIVEN,
        SHARE,
        is_weighable=True,
    ),
    Column(
        "tests_share",
        NUMBER,
        PROVENANCE,
        "1 with a test of its own, 0.5 where its repository has tests, 0 without",
        "no repository",
        is_weighable=True,
    ),
    Column("license", TEXT, LICENCE, "SPDX expression that was decided on", "none was found"),
    Column("license_class", TEXT, LICENCE, "Class of the licence; unknown is a class of its own"),
    Column("stated_license", TEXT, LICENCE, "What the corpus says", NOT_GIVEN),
    Column("header_license", TEXT, LICENCE, "What the head of the file says", "it says nothing"),
    Column("header_evidence", TEXT, LICENCE, "The words in the head that say so", "it says nothing"),
    Column("license_text", TEXT, LICENCE, "Licence whose text the sample is", "it is no licence text"),
    Column("license_similarity", NUMBER, LICENCE, "How like that text it is", "it is no licence text", SHARE),
    Column("nearest_license", TEXT, LICENCE, "What the nearest licence file up the path says", "there is none"),
    Column("nearest_license_path", TEXT, LICENCE, "Path of that file", "there is none"),
    Column("license_conflict", YES_NO, LICENCE, "Whether these claims contradict each other"),
    Column("attribution_required", YES_NO, LICENCE, "Whether its authors must be named"),
    Column("secrets", LIST, SAFETY, "Kinds of secrets that were found", NO_TEXT),
    Column("secret_count", WHOLE, SAFETY, "Secrets that were found", NO_TEXT, is_weighable=True),
    Column("personal", LIST, SAFETY, "Kinds of personal data that were found", NO_TEXT),
    Column("personal_count", WHOLE, SAFETY, "Pieces of personal data that were found", NO_TEXT, is_weighable=True),
    Column(
        "weaknesses",
        'STRUCT("rule" VARCHAR, severity VARCHAR, line INTEGER)[]',
        SAFETY,
        "Security weaknesses: rule, severity and line",
        NO_RULES,
    ),
    Column("weakness_density", NUMBER, SAFETY, "Weaknesses in 100 lines, by severity", NO_RULES, is_weighable=True),
    Column(
        "stale_density",
        NUMBER,
        AGE,
        "Calls of deprecated interfaces in 100 lines of code",
        UNPARSED,
        title="stale calls in 100 lines",
        is_weighable=True,
    ),
    Column("date_text", TEXT, AGE, "Date that the text names", "it names none"),
    Column("date_source", TEXT, AGE, "Where the date was found", "it names none"),
    Column("not_before", "DATE", AGE, "Date before which it cannot have been written", "nothing tells"),
    Column("not_before_feature", TEXT, AGE, "Feature that tells so", "nothing tells"),
    Column("stale_markers", LIST, AGE, "Deprecated interfaces that it uses", NO_RULES),
)
"""All public columns by group, percentiles of signals not repeated."""

BY_NAME = {column.name: column for column in COLUMNS}
PERCENTILE_SUFFIX = "_pct"
"""Ends the name of the column that holds a signal's percentile among comparable samples, 0 to 1."""

DIMENSIONS = tuple(column.name for column in COLUMNS if column.group == DIMENSION)
"""Parts of the quality, in the order of the scale."""
STYLE_AXES = tuple(column.name for column in COLUMNS if column.title)
"""Signals that are axes of style too."""
PERCENTILES = tuple(column.name for column in COLUMNS if column.has_percentile)
"""Signals whose percentile the index keeps."""
WEIGHABLE = frozenset(column.name for column in COLUMNS if column.is_weighable)
"""Columns that a quality scale may weigh."""
PUBLIC_NAMES = (*BY_NAME, *(name + PERCENTILE_SUFFIX for name in PERCENTILES))
"""Names that are ours in `samples`; a corpus's own column of such a name is called `given_<name>`."""
ENGINE_NAMES = (
    *("rowid", "file_index", "file_row_number", "given_id", "hash", "moment", "place", "unread_tier", "unread_origin"),
    *("signature", "shingles", "normal_hash", "text_gates"),
)
"""Names that the engine and the shards use themselves; a corpus's own column of such a name is renamed likewise."""


def meaning_of(name: str) -> str:
    """Returns the meaning of a public column in one line; empty for a column of the corpus's own."""
    if column := BY_NAME.get(name):
        return column.meaning + (f" ({column.unit})" if column.unit else "")
    signal = BY_NAME.get(name.removesuffix(PERCENTILE_SUFFIX))
    is_percentile = signal is not None and signal.has_percentile
    return f"{signal.meaning}: percentile among comparable samples, {SHARE}" if signal and is_percentile else ""
