with clusters as (
    select cluster, min(id) as first_id
    from samples
    where cluster is not null and repo is null
    group by cluster
),
passing as (
    select
        row,
        id,
        lower(hex(sha256)) as key,
        cluster,
        repo,
        bytes,
        /*axes*/
    from samples
    /*where*/
),
ordered as (
    select
        passing.*,
        coalesce('repository ' || repo, 'cluster ' || clusters.first_id, 'sample ' || id) as unit,
        sum(least(bytes, $file_bytes)) over (order by key, repo, id rows unbounded preceding) as taken
    from passing
    left join clusters on clusters.cluster = passing.cluster
)
select row, key, unit, /*names*/
from ordered
where taken <= $most_bytes
order by row
