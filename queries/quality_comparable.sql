create temp view comparable as
select judged.*, /*percentiles*/
from judged
/*ecdfs*/
