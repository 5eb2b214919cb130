create temp table nearest as
with read as (
    select file_index, file_row_number, repo, path
    from read_parquet($parts, union_by_name = true)
    where repo in (select repo from licence_files)
),
placed as (
    select
        parts.base + read.file_row_number as row,
        read.repo,
        string_split(regexp_replace(coalesce(read.path, ''), '(^|/)[^/]*$', ''), '/') as steps
    from read
    join parts on parts.part = read.file_index
),
directories as (
    select distinct repo, steps
    from placed
),
above as (
    select
        repo,
        steps,
        unnest(list_transform(range(0, len(steps) + 1), lambda n: array_to_string(steps[1:n], '/'))) as directory
    from directories
),
found as (
    select
        above.repo,
        above.steps,
        arg_min(
            struct_pack(license := files.license, path := files.path, similarity := files.similarity),
            -len(above.directory)
        ) as file
    from above
    join licence_files as files on files.repo = above.repo and files.directory = above.directory
    group by above.repo, above.steps
)
select
    placed.row,
    found.file.license as license,
    found.file.path as path,
    found.file.similarity as similarity
from placed
join found on found.repo = placed.repo and found.steps = placed.steps
