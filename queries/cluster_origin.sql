select min(members.cluster) as origin
from (
    select row from standings where cluster = $cluster
    union all
    select row from corpus.members where cluster = $cluster
) as named
join corpus.members as members on members.row = named.row
