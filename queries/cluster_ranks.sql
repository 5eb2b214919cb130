create /*scope*/ macro survivor_ranks(verdict, tier, license_class, quality, tested, created, bytes) as
[
    case verdict when 'keep' then 0 when 'drop' then 2 else 1 end,
    coalesce(tier, 9),
    list_position(
        ['public domain', 'permissive', 'weak copyleft', 'copyleft', 'source available', 'unknown'],
        license_class
    ),
    -coalesce(quality, -1),
    if(tested, 0, 1),
    -coalesce(created, -1e18),
    -bytes
]::double[]
