insert into part_files
select unnest($name::varchar[]), unnest($base::bigint[])
