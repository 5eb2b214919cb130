insert into facts
select unnest($name::varchar[]), unnest($value::varchar[])
