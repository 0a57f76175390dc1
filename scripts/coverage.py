#!/usr/bin/env python3
"""Tells what share of the lines of some source files one run has reached, as a row of a table.

    coverage.py SUMMARY NAME...    SUMMARY is what `llvm-cov export -summary-only` writes; a NAME is
                                   the beginning of a path in Sources
"""

import json
import sys

with open(sys.argv[1]) as file:
    files = json.load(file)["data"][0]["files"]
names = sys.argv[2:]
lines = []
for name in names:
    found = [each for each in files if f"/Sources/{name}" in each["filename"]]
    if not found:
        sys.exit(f"coverage.py: no source file begins with {name}")
    lines += [each["summary"]["lines"] for each in found]
count = sum(line["count"] for line in lines)
covered = sum(line["covered"] for line in lines)
print(f"| {', '.join(names)} | {100 * covered // count} % of {count} |")
