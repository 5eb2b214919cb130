select count(*)
from view_/*view*/
