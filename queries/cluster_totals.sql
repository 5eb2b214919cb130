select
    count(*) as clusters,
    coalesce(sum(size), 0)::bigint as samples,
    coalesce(sum(tokens_removable), 0)::bigint as tokens_removable
from cluster_view_/*number*/
