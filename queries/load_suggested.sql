create temp table suggested (row bigint, suggested_tier tinyint, suggestion_confidence float)
