select column_name, column_type
from (describe samples)
where column_name <> 'place'
