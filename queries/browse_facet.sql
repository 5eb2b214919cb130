select
    /*column*/ as value,
    count(*) as samples,
    coalesce(sum(tokens), 0)::bigint as tokens
from samples
/*where*/
group by all
order by samples desc, value
limit $most
