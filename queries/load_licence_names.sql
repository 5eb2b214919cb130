select distinct license
from read_parquet($parts, union_by_name = true)
where license is not null
