create temp view comparable as
select measured.*, /*percentiles*/
from measured
/*ecdfs*/
