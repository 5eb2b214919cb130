select distinct read.license as given, read.header_license as header, nearest.license as nearest
from (
    select file_index, file_row_number, license, header_license
    from read_parquet($parts, union_by_name = true)
) as read
join parts on parts.part = read.file_index
left join nearest on nearest.row = parts.base + read.file_row_number
where coalesce(read.license, read.header_license, nearest.license) is not null
