select rowid as pos, *
from cluster_view_/*number*/
where rowid between $first and $last
order by rowid
