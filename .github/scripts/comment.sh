#!/usr/bin/env bash
# Puts a Markdown file on the pull request PULL_REQUEST of GITHUB_REPOSITORY: over the comment that it put there before, which
# begins with the same hidden line, else as a new one. Only what a bot wrote counts: whoever writes a comment can change it
# later, and would have the plan in their hands. Needs gh and GH_TOKEN.
set -euo pipefail
file=$1
test -f "$file" || { echo "There is no $file: the plan was not made."; exit 0; }
marker=$(head -n 1 "$file")
comments="repos/$GITHUB_REPOSITORY/issues/$PULL_REQUEST/comments"
known=$(gh api "$comments" --paginate --jq '.[] | select(.user.type == "Bot") | [.id, (.body | split("\n")[0] | rtrimstr("\r"))] | @tsv')
id=$(awk -F '\t' -v marker="$marker" '$2 == marker { print $1; exit }' <<< "$known")
if test -n "$id"; then
  gh api --method PATCH "repos/$GITHUB_REPOSITORY/issues/comments/$id" --field "body=@$file" --silent
else
  gh api --method POST "$comments" --field "body=@$file" --silent
fi
