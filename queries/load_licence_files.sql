select repo, path, license_text, license_similarity
from read_parquet($parts, union_by_name = true)
where license_text is not null and repo is not null and path is not null
