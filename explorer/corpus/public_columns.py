"""The names that are ours in the view `samples`; a corpus's own column of such a name is called `given_<name>`."""

SIGNALS = (
    *("mean_line_length", "max_line_length", "alphabetic_share", "duplicate_line_share", "encoded_share"),
    *("encoded_run", "top_bigram_share", "top_trigram_share", "top_fourgram_share", "parse_score"),
    *("comment_share", "documented_share", "reasoned_comment_share", "subwords_per_identifier", "context_share"),
    *("handlers_per_100", "specific_handler_share", "handled_share", "guards_per_function", "cleanup_share"),
    *("network_care_share", "function_length_p90", "nesting_depth", "branches_per_function", "no_logic_share"),
    *("print_line_share", "placeholder_share", "code_lines", "functions", "classes", "stale_density"),
    *("review_level", "repo_contributors", "maintenance", "tests_share", "repo_stars", "repo_forks", "repo_commits"),
    *("repo_active_days", "flags", "soft_rules"),
    *("integrations", "third_party_imports", "vendored"),
    *("reasoned_comment_share_pct", "handlers_per_100_pct", "guards_per_function_pct"),
    *("hygiene", "documentation", "error_handling", "structure", "provenance", "low_risk"),
)
"""What is measured of the code of a sample, and the dimensions of its quality."""

EVIDENCE = (
    *("stated_license", "header_license", "header_evidence", "license_text", "license_similarity"),
    *("license_conflict", "attribution_required", "nearest_license", "nearest_license_path"),
    *("secrets", "secret_count", "personal", "personal_count", "weaknesses", "weakness_density"),
    *("date_text", "date_source", "not_before", "not_before_feature", "stale_markers"),
)
"""What is found in a sample or beside it."""

PUBLIC_COLUMNS = (
    *("row", "id", "tier", "tier_source", "suggested_tier", "suggestion_confidence", "origin", "origin_evidence"),
    *("language", "license", "license_class", "repo", "path", "created", "tokens", "tokens_exact", "bytes", "lines"),
    *("quality", "quality_pct", "quality_coverage", "gates"),
    *("cluster", "cluster_size", "survivor", "similarity", "direct", "redundant"),
    *("verdict", "note", "labelled", "content", "sha256", "valid_utf8"),
    *SIGNALS,
    *EVIDENCE,
)

ENGINE_NAMES = (
    *("rowid", "file_index", "file_row_number", "given_id", "hash", "moment", "place"),
    *("signature", "shingles", "normal_hash", "text_gates"),
)
"""Names that the engine and the parts use themselves; a corpus's own column of such a name is renamed likewise."""
