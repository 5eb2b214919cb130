select json_deserialize_sql($1::json)
