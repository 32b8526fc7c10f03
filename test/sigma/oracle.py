# Reads rules as JSON lists of one rule each, a line each; prints for each the SQL of pySigma's SQLite backend.
import json, sys
from sigma.backends.sqlite import sqliteBackend
from sigma.collection import SigmaCollection

for line in sys.stdin:
    print(json.dumps(sqliteBackend().convert(SigmaCollection.from_dicts([json.loads(line)]))))
