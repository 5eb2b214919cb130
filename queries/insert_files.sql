insert into files
select unnest($file::integer[]), unnest($name::varchar[]), unnest($rows::bigint[]), unnest($bytes::bigint[])
