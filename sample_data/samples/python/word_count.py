import sys, re
from collections import Counter

# count words in files, most common first
c = Counter()
for fn in sys.argv[1:]:
    with open(fn) as f:
        for line in f:
            for w in re.findall(r"[a-z']+", line.lower()):
                c[w] += 1

for w, n in c.most_common(20):
    print(n, w)
