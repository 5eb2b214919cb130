# Counts status codes and slow paths of a web server's log.
LINE = %r{"(?<verb>[A-Z]+) (?<path>\S+) HTTP/[\d.]+" (?<status>\d{3}) \S+ (?<seconds>[\d.]+)$}

statuses = Hash.new(0)
times = Hash.new { |hash, path| hash[path] = [] }
skipped = 0

ARGF.each_line do |line|
  line.scrub!("?")
  if (m = LINE.match(line))
    statuses[m[:status]] += 1
    times[m[:path].split("?").first] << m[:seconds].to_f
  else
    skipped += 1
  end
end

puts "Statuses"
statuses.sort.each { |status, count| puts format("  %s %8d", status, count) }

puts "Slowest paths (95th percentile)"
slowest = times.transform_values { |all| all.sort[(all.size * 0.95).ceil - 1] }
slowest.max_by(10) { |_, seconds| seconds }.each do |path, seconds|
  puts format("  %8.3f s  %s (%d)", seconds, path, times[path].size)
end
warn "#{skipped} lines were not understood" if skipped.positive?
