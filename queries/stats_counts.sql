select
    /*value*/ as value,
    count(*) as samples,
    coalesce(sum(tokens), 0)::bigint as tokens
from samples
/*where*/
group by value
order by tokens desc, samples desc, value nulls last
