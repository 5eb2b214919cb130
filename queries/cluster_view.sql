create or replace table cluster_view_/*number*/ as
with chosen as (
    select distinct cluster
    from samples
    /*where*/
),
gathered as (
    select
        cluster,
        count(*) as size,
        sum(tokens)::bigint as tokens,
        coalesce(sum(tokens) filter (where redundant), 0)::bigint as tokens_removable,
        count(*) filter (where redundant) as removable,
        min(similarity) as min_similarity,
        count(*) filter (where not direct) as chain_only,
        list_sort(list(distinct tier)) as tiers,
        list_sort(list(distinct origin)) as origins,
        list_sort(list(distinct language)) as languages,
        count(distinct repo) as repos,
        count(distinct sha256) as contents,
        bool_and(tokens_exact) as tokens_exact,
        first(id) filter (where survivor) as survivor,
        first(row) filter (where survivor) as survivor_row,
        first(repo) filter (where survivor) as repo,
        first(path) filter (where survivor) as path
    from samples
    where cluster is not null
    group by cluster
)
select gathered.*
from gathered
semi join chosen using (cluster)
where size >= $min_size
    and (not $cross_tier or len(tiers) > 1)
    and (not $cross_origin or list_has_all(origins, ['human', 'synthetic']))
    and (not $cross_repo or repos > 1)
order by
    case $sort
        when 'removable' then -tokens_removable
        when 'size' then -size
        when 'similarity' then min_similarity
        when 'cross-tier' then -len(tiers)
        when 'cross-origin' then if(list_has_all(origins, ['human', 'synthetic']), 0, 1)
        when 'cross-repo' then -repos
    end nulls last,
    tokens_removable desc,
    size desc,
    cluster
