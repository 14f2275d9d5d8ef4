#!/usr/bin/env bash
# Keeps one open issue with a label in step with what a command found. CODE is how that ended: 0 closes the issue, 2 opens it
# or replaces its text, anything else does the same and fails. Needs gh and GH_TOKEN.
set -euo pipefail
label=$1 title=$2 file=$3
number=$(gh issue list --repo "$GITHUB_REPOSITORY" --label "$label" --state open --limit 1 --json number --jq '.[].number')
run="$GITHUB_SERVER_URL/$GITHUB_REPOSITORY/actions/runs/$GITHUB_RUN_ID"
if test "$CODE" = 0; then
  test -z "$number" || gh issue close "$number" --repo "$GITHUB_REPOSITORY" --comment "Nothing is left of it: $run"
  exit 0
fi
body=$(mktemp)
if test -f "$file"; then cat "$file" > "$body"; else echo 'The command ended before it wrote a report.' > "$body"; fi
printf '\nFound by %s\n' "$run" >> "$body"
if test -n "$number"; then
  gh issue edit "$number" --repo "$GITHUB_REPOSITORY" --body-file "$body"
else
  gh label create "$label" --repo "$GITHUB_REPOSITORY" --force > /dev/null
  gh issue create --repo "$GITHUB_REPOSITORY" --label "$label" --title "$title" --body-file "$body"
fi
test "$CODE" = 2
