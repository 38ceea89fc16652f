"""Prints the accounts and posts of the tutorial's SQLite database, in the form that `sallyport import` reads.

python3 export.py app.db > accounts.ndjson

It needs Python 3.9, and nothing else. It opens the database for reading only, and reads it in one transaction.
"""

import argparse
import json
import sqlite3
import sys
from datetime import datetime, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

parser = argparse.ArgumentParser()
parser.add_argument("database", type=Path)
parser.add_argument("--zone", default="UTC", help="of times without one, such as Europe/Berlin")
arguments = parser.parse_args()
zone = timezone.utc if arguments.zone == "UTC" else ZoneInfo(arguments.zone)


def time(text):
    """SQLAlchemy stores times in SQLite without their zone."""
    if text is None:
        return None
    read = datetime.fromisoformat(text)
    return (read if read.tzinfo else read.replace(tzinfo=zone)).astimezone(timezone.utc).isoformat()


def yes(value):
    """SQLite keeps booleans as 0 and 1. What is NULL gets the default of the import."""
    return None if value is None else bool(value)


def user(row):
    return {
        "id": row["id"],
        "name": row["name"],
        "email": row["email"],
        "password_hash": row["hashed_password"],
        "role": "admin" if str(row["role"]).lower() == "admin" else "user",
        "is_active": yes(row["is_active"]),
        "created_at": time(row["created_at"]),
        "age": row["age"],
        "city": row["city"],
    }


def post(row):
    return {
        "type": "post",
        "id": row["id"],
        "author_id": row["author_id"],
        "title": row["title"],
        "content": row["content"],
        "published": yes(row["published"]),
        "created_at": time(row["created_at"]),
    }


sys.stdout.reconfigure(encoding="utf-8", newline="\n")
database = sqlite3.connect(f"{arguments.database.resolve().as_uri()}?mode=ro", uri=True)
database.row_factory = sqlite3.Row
database.execute("begin")
for statement, line in (("select * from users order by id", user), ("select * from posts order by id", post)):
    for row in database.execute(statement):
        print(json.dumps(line(row), ensure_ascii=False))
