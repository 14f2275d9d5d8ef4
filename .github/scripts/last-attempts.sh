#!/usr/bin/env bash
# Keeps only the artifact of the last attempt of each job in a folder of artifacts named <job>-attempt-<number>: a job that was
# run again has one for each attempt.
set -euo pipefail
test -d "$1" || exit 0
cd "$1"
for job in $(ls | sed 's/-attempt-[0-9]*$//' | sort -u); do
  ls -vd "$job"-attempt-* | sed '$d' | xargs -r rm -r --
done
