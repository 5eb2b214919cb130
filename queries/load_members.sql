create table members as
select
    numbered.cluster,
    clustered.row,
    clustered.node,
    clustered.tested
from clustered
join (
    select part, row_number() over (order by min(id)) as cluster
    from clustered
    group by part
) as numbered on numbered.part = clustered.part
order by numbered.cluster, clustered.row
