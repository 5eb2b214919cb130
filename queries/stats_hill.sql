with counted as (
    select
        /*column*/ as value,
        count(*) as samples,
        coalesce(sum(tokens), 0)::double as tokens
    from samples
    /*where*/
    group by value
),
shares as (
    select samples, tokens / nullif(sum(tokens) over (), 0) as share
    from counted
    where value is not null
)
select
    coalesce(sum(samples), 0)::bigint as samples,
    count(*) filter (where share > 0) as richness,
    exp(-sum(share * ln(share)) filter (where share > 0)) as effective,
    1 / nullif(sum(share * share), 0) as dominant
from shares
