create or replace table baseline_/*number*/ as
select samples.row
from samples
join baseline_batch on baseline_batch.id = samples.id and unhex(baseline_batch.sha256) = samples.sha256
