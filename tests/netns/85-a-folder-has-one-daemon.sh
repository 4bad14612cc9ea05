#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: a second daemon with the same state-dir is refused; after kill -9 the folder is free
# needs: sqlite3
#
#   [sender S1 S2 S3, A1 A2 B1]---veth---[gate: FAKE4 REAL4 OTHER4, FAKE6 REAL6 OTHER6]
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/state.sh"
topology_pair
rules_input
start_gate
other="-F -s -n 24 --run-dir $T/other -f $FAKE4 -r $REAL4"
# shellcheck disable=SC2086 # a list of arguments
once 69 $other
expect_said "another mxallowd uses the state in $STATE; give each its own state-dir"
expect refused from "$S1" to "$FAKE4"
stored
kill_gate
start_gate
expect open from "$S1" to "$REAL4"

# With a folder of its own, or none, it may.
first=$gate
for dir in "$T/another" none; do
	cp "$LOG" "$T/first"
	# shellcheck disable=SC2086
	run_gate $other --state-dir "$dir"
	stop_gate
done
[ -f "$T/another/state.db" ] || fail "no state in $T/another"
[ "$(stat -c %a "$T/another") $(stat -c %a "$T/another/state.db")" = "700 600" ] ||
	fail "others may read it: $(ls -la "$T/another")"
gate=$first
