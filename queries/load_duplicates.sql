create temp table duplicates as
with keyed as (
    select
        parts.base + read.file_row_number as row,
        case when $given_ids then read.given_id else read.hash end as id,
        read.sha256
    from (
        select file_index, file_row_number, given_id, hash, sha256
        from read_parquet($parts, union_by_name = true)
    ) as read
    join parts on parts.part = read.file_index
),
groups as (
    select sha256, count(*) as members, min((id, row)) as survivor
    from keyed
    group by sha256
    having count(*) > 1
)
select
    sha256,
    members,
    survivor[2] as survivor_row,
    row_number() over (order by survivor) as cluster
from groups
