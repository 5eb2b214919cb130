select
    count(given_id),
    any_value(given_id),
    count(unread_tier),
    any_value(unread_tier),
    count(unread_origin),
    any_value(unread_origin),
    count(created) filter (where trim(created) <> '' and try_cast(created as timestamptz) is null),
    any_value(created) filter (where trim(created) <> '' and try_cast(created as timestamptz) is null)
    /*others*/
from read_parquet($parts, union_by_name = true)
