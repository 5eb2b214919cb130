row in (select row from matched_/*view*/)
