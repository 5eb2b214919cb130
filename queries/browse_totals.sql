select
    count(*) as samples,
    coalesce(sum(tokens), 0)::bigint as tokens,
    coalesce(sum(bytes), 0)::bigint as bytes,
    coalesce(bool_and(tokens_exact), true) as tokens_exact
from samples
/*where*/
