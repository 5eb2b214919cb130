create temp table contents as
with keyed as (
    select
        parts.base + read.file_row_number as row,
        read.shingles,
        case
            when read.shingles = 0 and read.normal_hash is not null then read.normal_hash
            else read.sha256
        end as key
    from (
        select file_index, file_row_number, sha256, normal_hash, shingles
        from read_parquet($parts, union_by_name = true)
    ) as read
    join parts on parts.part = read.file_index
)
select
    key,
    min(row) as node,
    count(*) as copies,
    max(shingles) > 0 as is_long
from keyed
group by key
