delete from labels
where row in (select unnest($rows::bigint[]))
