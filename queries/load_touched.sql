create temp table touched as
select distinct repo, names['before'] || names['after'] as stem
from (
    select
        repo,
        regexp_extract(
            lower(path), '(?:^|/)(?:test_([^/.]+)|([^/.]+?)(?:_test|\.test|\.spec))\.[^/]+$', ['before', 'after']
        ) as names
    from read_parquet($parts, union_by_name = true)
    where repo is not null
        and regexp_matches(lower(path), '(^|/)(test_[^/.]+|[^/.]+(_test|\.test|\.spec))\.[^/]+$')
)
