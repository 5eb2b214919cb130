select
    value,
    count(*) as samples,
    coalesce(sum(tokens), 0)::bigint as tokens
from (
    select unnest(list_distinct(/*column*/)) as value, tokens
    from samples
    /*where*/
)
group by value
order by samples desc, value
