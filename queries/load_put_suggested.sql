insert into suggested
select row, suggested_tier, suggestion_confidence
from suggestions
