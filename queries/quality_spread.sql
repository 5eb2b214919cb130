select
    tier,
    least(floor(quality / $width)::integer, (100 / $width)::integer - 1) as bin,
    count(*) as samples,
    coalesce(sum(tokens), 0)::bigint as tokens
from samples
/*where*/
group by all
order by tier nulls last, bin
