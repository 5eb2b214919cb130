select
    node,
    any_value(cluster_verdict) as verdict
from members_/*number*/
group by node
order by node
