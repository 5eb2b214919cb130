delete from standings
where row in (select row from standings_/*number*/);
insert into standings
select
    row,
    case
        when cluster_size = 1 then null
        when keeps_number then origin
        else $clusters::bigint + 1 + first_row
    end as cluster,
    cluster_size,
    survivor,
    if(cluster_size = 1, null, similarity) as similarity,
    if(cluster_size = 1, null, similarity >= $threshold) as direct,
    not survivor
        and (coalesce(similarity >= $threshold, true) or coalesce(confirmed, false) or not $keeps_chains)
        and not coalesce(parted, false) as redundant
from standings_/*number*/;
