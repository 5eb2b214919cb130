select column_name
from (describe from read_parquet($parts, union_by_name = true))
