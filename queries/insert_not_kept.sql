insert into not_kept
select unnest($column::varchar[]), unnest($reason::varchar[]), unnest($files::bigint[]), unnest($file::varchar[])
