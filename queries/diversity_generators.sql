select
    /*generator*/::varchar as written_by,
    count(*) as samples,
    coalesce(sum(tokens), 0)::bigint as tokens
from samples
/*where*/
group by written_by
order by tokens desc, written_by
