insert into matched_/*view*/
select row
from (
    select samples.*, content_batch.content
    from samples
    join content_batch on content_batch.row = samples.place
    where samples.place between $first and $last
) as samples
/*where*/
