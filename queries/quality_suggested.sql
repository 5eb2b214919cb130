select id, lower(hex(sha256)) as sha256, suggested_tier
from samples
/*where*/
order by row
