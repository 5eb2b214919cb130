select
    node,
    string_agg(cluster_verdict, ' ' order by row) as verdict
from members_/*number*/
group by node
order by node
