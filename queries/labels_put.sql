insert into labels
select
    unnest($row::bigint[]),
    unnest($tier::tinyint[]),
    unnest($origin::varchar[]),
    unnest($verdict::varchar[]),
    unnest($note::varchar[]),
    unnest($survivor::varchar[]),
    unnest($cluster_verdict::varchar[]),
    unnest($accepted::tinyint[]),
    unnest($conflict::boolean[]),
    unnest($stale::boolean[]),
    unnest($by_content::boolean[])
