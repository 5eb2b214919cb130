create temp table ordinals as
with keyed as (
    select parts.base + read.file_row_number as row, read.hash
    from (
        select file_index, file_row_number, hash
        from read_parquet($parts, union_by_name = true)
    ) as read
    join parts on parts.part = read.file_index
),
repeated as (
    select hash
    from keyed
    group by hash
    having count(*) > 1
)
select row, row_number() over (partition by hash order by row) as ordinal
from keyed
semi join repeated using (hash)
