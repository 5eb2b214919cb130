create or replace table optout_entries as
select unnest($kind::varchar[]) as kind, unnest($value::varchar[]) as value, unnest($line::integer[]) as line;
