create temp table ecdf_/*signal*/ as
with counted as (
    select language, size_class, /*signal*/ as value, count(*) as samples
    from judged
    where /*signal*/ is not null
    group by all
),
ranked as (
    select
        language,
        size_class,
        value,
        sum(samples) over (partition by language, size_class) as stratum,
        sum(samples) over (partition by language, size_class order by value) - samples / 2 as below_in_stratum,
        sum(samples) over (partition by language) as of_language,
        sum(samples) over (partition by language order by value)
            - sum(samples) over (partition by language, value) / 2 as below_in_language,
        sum(samples) over () as whole,
        sum(samples) over (order by value) - sum(samples) over (partition by value) / 2 as below
    from counted
)
select
    language,
    size_class,
    value,
    case
        when stratum >= $least then below_in_stratum / stratum
        when of_language >= $least then below_in_language / of_language
        else below / whole
    end::float as share
from ranked
