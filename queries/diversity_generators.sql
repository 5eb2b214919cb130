select
    /*generator*/::varchar as generator,
    count(*) as samples,
    coalesce(sum(tokens), 0)::bigint as tokens
from samples
/*where*/
group by generator
order by tokens desc, generator
