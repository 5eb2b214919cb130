insert into quarantine
select unnest($file::varchar[]), unnest($reason::varchar[])
