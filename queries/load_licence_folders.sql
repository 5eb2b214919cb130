create temp table licence_files as
select
    unnest($repo::varchar[]) as repo,
    unnest($directory::varchar[]) as directory,
    unnest($path::varchar[]) as path,
    unnest($license::varchar[]) as license,
    unnest($similarity::double[]) as similarity
