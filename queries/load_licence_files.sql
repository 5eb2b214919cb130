create temp table licence_files as
select
    parts.base + read.file_row_number as row,
    read.repo,
    regexp_replace(coalesce(read.path, ''), '(^|/)[^/]*$', '') as directory,
    read.path,
    read.license_text as license,
    read.license_similarity as similarity
from (
    select file_index, file_row_number, repo, path, license_text, license_similarity
    from read_parquet($parts, union_by_name = true)
) as read
join parts on parts.part = read.file_index
where read.license_text is not null and read.repo is not null
