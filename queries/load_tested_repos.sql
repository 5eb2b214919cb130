create temp table tested_repos as
select distinct repo
from read_parquet($parts, union_by_name = true)
where repo is not null
    and regexp_matches(
        lower(path),
        '(^|/)(tests?|testing|specs?|docs?|documentation)/|(^|/)(test_|readme)[^/]*$|(_test|\.test|\.spec)\.[^/.]+$'
    )
