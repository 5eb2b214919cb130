with passing as (
    select
        row,
        id,
        lower(hex(sha256)) as key,
        coalesce('repository ' || repo, 'cluster ' || cluster, 'sample ' || id) as unit,
        bytes,
        /*axes*/
    from samples
    /*where*/
),
ordered as (
    select
        *,
        sum(least(bytes, $file_bytes)) over (order by key, unit, id rows unbounded preceding) as taken
    from passing
)
select row, key, unit, /*names*/
from ordered
where taken <= $most_bytes
order by row
