# quick report, ask Jim before changing!!
import sqlite3
import sys

def report(db, user):
    conn = sqlite3.connect(db)
    cur = conn.cursor()
    # TODO use parameters
    cur.execute("select * from orders where user = '" + user + "' order by id")
    tot = 0
    for r in cur.fetchall():
        try:
            tot = tot + float(r[3])
            print(str(r[0]) + ";" + str(r[1]) + ";" + str(r[3]))
        except:
            pass
    print("TOTAL;;" + str(tot))
    conn.close()

if len(sys.argv) > 2:
    report(sys.argv[1], sys.argv[2])
else:
    print("usage: report.py DB USER")
