select
    /*one*/ as one,
    /*other*/ as other,
    count(*) as samples,
    coalesce(sum(tokens), 0)::bigint as tokens
from samples
/*where*/
group by one, other
order by tokens desc, samples desc, one nulls last, other nulls last
