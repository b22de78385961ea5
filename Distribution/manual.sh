#!/usr/bin/env bash
# Man pages from the program's own help: GENERATE-MANUAL is swift-argument-parser's tool, which asks PROGRAM. What it
# leaves to be done is done here: names as `man replicate crossover` looks for them, paragraphs, examples as they stand,
# and what the exit statuses mean.
#
#   Distribution/manual.sh GENERATE-MANUAL PROGRAM FOLDER VERSION DATE
set -euo pipefail
generator=$1 program=$2 folder=$3 version=$4 date=$5
raw=$(mktemp -d)
trap 'rm -rf "$raw"' EXIT
"$generator" "$program" --multi-page --section 1 --date "$date" --output-directory "$raw"
mkdir -p "$folder"
for page in "$raw"/*.1; do
  name=$(basename "$page" .1)
  awk -v version="$version" '
    function close_example() { if (literal) { print ".Ed"; literal = 0 } }
    /^  / {  # an example
      if (!literal) print ".Bd -literal -offset indent"; else if (blank) print ""
      literal = 1; blank = 0
      sub(/^  /, ""); gsub(/\\/, "\\e"); sub(/^[.'"'"']/, "\\\\\\&&"); print; next
    }
    /^$/ { blank = 1; next }
    { close_example() }
    blank && !/^\./ { print ".Pp" }
    { blank = 0 }
    /^\.Os/ { print ".Os \"replicate " version "\""; next }
    /^\.(Dt|Xr) / { gsub(/\./, "-"); sub(/^-/, ".") }
    # Indexes of man pages have no names of two words.
    /^\.Nm "/ { name = substr($0, 5); gsub(/"/, ""); words = substr($0, 5); gsub(/ /, "-", words); print ".Nm " words; next }
    /^\.Nm$/ && name { print ".Nm " name; next }
    /^\.Ex -std/ {
      print ".Bl -tag -width 6n -compact"
      print ".It 0\ndone, and no claim fails"
      print ".It 1\na claim fails"
      print ".It 2\na claim is inconclusive"
      print ".It 64\nthe command line or the configuration is wrong"
      print ".It 65\nbad data"
      print ".It 70\na fault of the program"
      print ".It 74\ninput or output, or something else that the system refused"
      print ".It 129, 130, 143, 152\nstopped by SIGHUP, Ctrl-C, SIGTERM, SIGXCPU; the same command continues"
      print ".El"; next
    }
    { print }
    END { close_example() }' "$page" | cat -s | gzip -9n >"$folder/${name//./-}.1.gz"
done
