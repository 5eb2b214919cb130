select rowid
from cluster_view_/*number*/
where cluster = $cluster
