attach /*path*/ as corpus (read_only)
