"""Prints the accounts in Django's SQLite database, in the form that `sallyport import` reads.

python3 export.py db.sqlite3 > accounts.ndjson

It needs Python 3.9, and nothing else. It opens the database for reading only, and reads it in one transaction.
"""

import argparse
import json
import sqlite3
import sys
from datetime import datetime, timezone
from pathlib import Path

parser = argparse.ArgumentParser()
parser.add_argument("database", type=Path)
parser.add_argument("--table", default="auth_user", help="of a user model of your own, such as accounts_user")
arguments = parser.parse_args()


def time(text):
    """Django stores times in SQLite in UTC (USE_TZ), without saying so."""
    read = datetime.fromisoformat(text)
    return (read if read.tzinfo else read.replace(tzinfo=timezone.utc)).isoformat()


def user(row):
    name = f"{row['first_name']} {row['last_name']}".strip()
    return {
        "id": row["id"],
        "name": name or row["username"],
        "email": row["email"],
        # What begins with an exclamation mark is no hash: the account has no usable password.
        "password_hash": None if row["password"].startswith("!") else row["password"] or None,
        "role": "admin" if row["is_superuser"] else "user",
        "is_active": bool(row["is_active"]),
        "created_at": time(row["date_joined"]),
    }


sys.stdout.reconfigure(encoding="utf-8", newline="\n")
database = sqlite3.connect(f"{arguments.database.resolve().as_uri()}?mode=ro", uri=True)
database.row_factory = sqlite3.Row
table = arguments.table.replace('"', '""')
for row in database.execute(f'select * from "{table}" order by id'):
    print(json.dumps(user(row), ensure_ascii=False))
