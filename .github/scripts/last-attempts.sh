#!/usr/bin/env bash
# Keeps the artifact of the last attempt of each job in a folder of artifacts named <job>-attempt-<number>, and those of earlier
# attempts that ended with results: an org that the first attempt changed is unchanged in the second one, and `report` merges both.
set -euo pipefail
test -d "$1" || exit 0
cd "$1"
has_results() {
  node -e 'process.exit(Array.isArray(JSON.parse(require("fs").readFileSync(process.argv[1], "utf8")).orgs) ? 0 : 1)' "$1" 2> /dev/null
}
for job in $(ls | sed 's/-attempt-[0-9]*$//' | sort -u); do
  for attempt in $(ls -vd "$job"-attempt-* | sed '$d'); do
    has_results "$attempt/deploy.json" || rm -r "$attempt"
  done
done
