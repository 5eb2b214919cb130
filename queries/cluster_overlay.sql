create table measured_pairs (cluster bigint, one bigint, other bigint, similarity double);
