select count(*) from opted_out
