-- Groups page views into sessions: a pause of 30 minutes starts a new one.
with marked as (
    select
        visitor_id,
        viewed_at,
        path,
        case
            when viewed_at - lag(viewed_at) over visits <= interval '30 minutes' then 0
            else 1
        end as starts_session
    from page_views
    window visits as (partition by visitor_id order by viewed_at)
),
numbered as (
    select
        *,
        sum(starts_session) over (partition by visitor_id order by viewed_at rows unbounded preceding) as session_number
    from marked
)
select
    visitor_id,
    session_number,
    min(viewed_at) as started_at,
    max(viewed_at) - min(viewed_at) as duration,
    count(*) as views,
    min_by(path, viewed_at) as landing_page,
    max_by(path, viewed_at) as exit_page
from numbered
group by visitor_id, session_number
order by started_at;
