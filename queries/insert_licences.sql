insert into licences
select
    unnest($given::varchar[]),
    unnest($header::varchar[]),
    unnest($nearest::varchar[]),
    unnest($expression::varchar[]),
    unnest($license_class::varchar[]),
    unnest($conflict::boolean[]),
    unnest($attribution_required::boolean[])
