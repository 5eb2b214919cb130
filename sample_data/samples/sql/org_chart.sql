with recursive chain as (
    select id, name, manager_id, 0 as depth, cast(name as varchar) as path
    from employees
    where manager_id is null

    union all

    select e.id, e.name, e.manager_id, c.depth + 1, c.path || ' > ' || e.name
    from employees e
    join chain c on e.manager_id = c.id
    where c.depth < 20
)
select
    depth,
    path,
    (select count(*) from employees r where r.manager_id = chain.id) as direct_reports
from chain
order by path;
