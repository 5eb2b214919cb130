select * exclude (place)
from samples
where place = $row
