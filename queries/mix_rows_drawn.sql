row in (select chosen_/*stage*/.row from chosen_/*stage*/)
