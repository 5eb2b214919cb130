create macro is_barred(gates, quality_pct, verdict, exclude, least_quality) as
    list_contains(gates, 'G_OPTOUT')
    or (
        verdict is distinct from 'keep'
        and (list_has_any(gates, exclude) or coalesce(quality_pct < least_quality, false))
    )
