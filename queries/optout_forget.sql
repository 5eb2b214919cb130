delete from opted_out
