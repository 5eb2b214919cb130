select id, lower(hex(sha256)) as sha256
from samples
/*where*/
order by id
