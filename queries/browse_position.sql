select rowid
from view_/*view*/
where row = $row
