select
    gate,
    count(*) as samples,
    coalesce(sum(tokens), 0)::bigint as tokens
from (select unnest(gates) as gate, tokens from samples)
group by gate
order by samples desc, gate
