row in (select baseline_/*number*/.row from baseline_/*number*/)
