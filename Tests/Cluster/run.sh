#!/usr/bin/env bash
# The same grid three ways, which must give the same bytes: on this machine, through GNU parallel, and on a real Slurm
# cluster of one node (one-node.sh) whose node dies with a task in flight. In a directory with blanks and quotes in its name.
#   run.sh PROGRAM
set -euo pipefail

replicate=$(realpath "${1:?the replicate program}")
here=$(dirname "$(realpath "$0")")
configuration=$here/../../experiments.toml
scratch=$(mktemp -d)
work="$scratch/the cluster's test 100%"
mkdir -p "$work"
cp "$configuration" "$work"/experiments.toml
cd "$work"
trap '"$here"/one-node.sh stop "$scratch"/slurm; rm -rf "$scratch"' EXIT

say() { printf '%3d s  %s\n' "$SECONDS" "$*"; }
fail() {
  echo "run.sh: $*" >&2
  tail -n 8 "$work"/*.err "$work"/results/slurm/*/*.out "$scratch"/slurm/log/*.log >&2 || true
  exit 1
}

# Waits until a condition holds, three minutes at most.
await() {
  local what=$1
  shift
  for _ in {1..9000}; do
    if "$@"; then return; fi
    sleep 0.02
  done
  fail "$what: not within three minutes"
}

# Every run of the reference is in the other store with the same bytes, and no other is there.
compare_runs() {
  local folder file
  for folder in "$1"/runs/*; do
    for file in spec.json metrics.jsonl items.jsonl model.safetensors; do
      cmp "$folder/$file" "$2/runs/$(basename "$folder")/$file" || fail "$2 differs from $1"
    done
  done
  [[ $(ls "$1"/runs) == "$(ls "$2"/runs)" ]] || fail "$2 and $1 have other runs"
}

options=(--preset smoke --seeds 3)

"$replicate" crossover "${options[@]}" --out reference --json >/dev/null 2>reference.err || fail 'the reference'
"$replicate" input-noise "${options[@]}" --out reference --json >/dev/null 2>>reference.err || fail 'the reference'
say "reference: $(ls reference/runs | wc -l) runs on this machine"

# GNU parallel, the local machine in the place of a host; a second time for the runs that the search has chosen.
for stage in first second; do
  "$replicate" plan crossover input-noise "${options[@]}" --out parallel --missing --hashes >"$stage".hashes
  [[ -s $stage.hashes ]] || fail "no runs in the $stage stage"
  parallel --will-cite --sshlogin "$(nproc)/:" --workdir . --quote "$replicate" run {} "${options[@]}" --out parallel --jobs 1 \
    <"$stage".hashes >/dev/null 2>"$stage".err || fail "parallel, $stage stage"
done
[[ -z $("$replicate" plan crossover input-noise "${options[@]}" --out parallel --missing) ]] || fail 'parallel left runs'
compare_runs reference parallel
say "GNU parallel: $(wc -l <first.hashes) runs and $(wc -l <second.hashes) that a search chose, the same bytes"

"$here"/one-node.sh start "$scratch"/slurm
export SLURM_CONF=$scratch/slurm/slurm.conf
say "a cluster of one node is up"

queue_is_empty() { [[ -z $(squeue --noheader) ]]; }
no_array_is_running() { ! squeue --noheader --array --format='%K %t' | grep --quiet '^[0-9].* \(R\|CG\)'; }

# A run that is at work and has saved a state: its process is stopped, so that it is there to be killed.
victim=
catch_a_run() {
  local lock pid
  for lock in results/runs/*/lock; do
    if [[ -s ${lock%lock}state && ! -e ${lock%lock}record.json ]]; then
      pid=$(owner "$lock")
      if kill -STOP "$pid" 2>/dev/null && [[ ! -e ${lock%lock}record.json ]]; then
        victim=${lock%/lock}
        return 0
      fi
      kill -CONT "$pid" 2>/dev/null || true
    fi
  done
  return 1
}
owner() { sed -n 's/.*"pid":\([0-9]*\).*/\1/p' "$1"; }

"$replicate" submit crossover "${options[@]}" --minutes 0.05 >submit.txt 2>submit.err || fail 'submit'
await 'a run is in flight' catch_a_run
"$replicate" status crossover "${options[@]}" --json | grep --quiet '"running":\[{' || fail 'status shows nobody at work'

# The node dies: its daemon, the daemons of its tasks and the tasks. The daemon first, so that it reports nothing.
kill -9 "$(<"$scratch"/slurm/slurmd.pid)"
for lock in results/runs/*/lock; do
  process=$(owner "$lock")
  if parent=$(ps -o ppid= -p "$process"); then kill -9 $parent "$process"; fi
done
[[ -e $victim/state && ! -e $victim/record.json ]] || fail "$victim was not interrupted"
say "the node died with $(basename "$victim") in flight, $(wc -l <"$victim"/metrics.jsonl) checkpoints done"

sleep 4  # no node is back at once
"$here"/one-node.sh start-slurmd "$scratch"/slurm
await 'the lost tasks leave the queue' no_array_is_running
await 'the first submission is over' queue_is_empty
"$replicate" plan crossover "${options[@]}" --missing --hashes >missing.hashes
grep --quiet "$(basename "$victim")" missing.hashes || fail 'the lost run is not missing'
say "the node is back, $(wc -l <missing.hashes) of $(ls reference/runs | wc -l) runs are missing"

"$replicate" submit crossover "${options[@]}" --minutes 0.05 >again.txt 2>>submit.err || fail 'submit again'
resubmitted=$(grep --only-matching "'[0-9a-f ]\{16,\}'" results/slurm/crossover-smoke-2/runs-0.sh | tr -d "'" | tr ' ' '\n' | sort)
[[ $resubmitted == "$(sort missing.hashes)" ]] || fail 'other runs were submitted than those missing'
# Once more at once: the runs still in the queue are left out.
"$replicate" submit crossover "${options[@]}" --minutes 0.05 >thrice.txt 2>>submit.err || fail 'submit a third time'
grep --quiet '^Nothing to submit' thrice.txt || fail "submitted twice: $(<thrice.txt)"
"$replicate" submit input-noise "${options[@]}" --minutes 0.05 >noise.txt 2>>submit.err || fail 'submit input-noise'
await 'the queue is empty' queue_is_empty

compare_runs reference results
for claim in crossover input-noise; do
  changed=$(basename reference/$claim-*)  # other seeds than those registered: a name and a folder of its own
  cmp "reference/$changed/data.csv" "results/$changed/data.csv" || fail "$claim: other data"
  [[ -s results/$changed/verdict.json && -s results/$changed/$changed.svg ]] || fail "$claim: no verdict or no figure"
done
"$replicate" status crossover input-noise "${options[@]}" >status.txt
grep --quiet '^All [0-9]* runs have ended\.$' status.txt || fail "status: $(<status.txt)"
say "resubmitted: $(ls results/runs | wc -l) runs, the same bytes as without Slurm; $(<thrice.txt)"
