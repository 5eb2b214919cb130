create table view_/*view*/ as
select row
from samples
/*where*/
/*order*/
