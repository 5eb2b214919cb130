select tier, language, repo, origin, tokens, redundant as is_lost_now, redundant as is_lost
from samples
where verdict is distinct from 'drop' and valid_utf8 and tokens > 0
