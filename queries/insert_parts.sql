insert into parts
select unnest($part::integer[]), unnest($base::bigint[])
