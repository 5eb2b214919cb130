select count(*) > 0 and count(*) = count(given_id) and count(*) = count(distinct given_id) as is_unique
from read_parquet($parts, union_by_name = true)
