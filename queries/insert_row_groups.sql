insert into row_groups
select
    unnest($base::bigint[]),
    unnest($rows::bigint[]),
    unnest($file::integer[]),
    unnest($row_group::integer[]),
    unnest($content::varchar[]),
    unnest($content_base::bigint[])
