select
    count(*) filter (where (other.u, other.id) < (own.u, own.id)) as position,
    count(*) as samples
from eligible_/*stage*/ as own
join eligible_/*stage*/ as other on other.tier = own.tier
where own.row = $row
group by own.row
