select
    count(*) filter (where chosen.row is not null and before.id is not null) as kept,
    count(*) filter (where chosen.row is not null and before.id is null) as added,
    count(*) filter (where chosen.row is null) as removed
from (
    select samples.id, chosen.row
    from chosen_/*stage*/ as chosen
    join samples on samples.place = chosen.row
) as chosen
full join (select distinct unnest($ids::varchar[]) as id) as before using (id)
