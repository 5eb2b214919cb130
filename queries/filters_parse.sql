select json_serialize_sql($1::varchar)
