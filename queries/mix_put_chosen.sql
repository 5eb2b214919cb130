insert into chosen_/*stage*/
select batch.row, batch.tier, batch.copies
from chosen_batch as batch
