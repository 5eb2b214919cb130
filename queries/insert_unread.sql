insert into unread
select unnest($field::varchar[]), unnest($column::varchar[]), unnest($samples::bigint[]), unnest($example::varchar[])
