insert into licences
select unnest($given::varchar[]), unnest($expression::varchar[]), unnest($license_class::varchar[])
