#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: a state folder that is read-only, or a file that vanishes, costs the state and nothing else
# needs: sqlite3
#
#   [sender S1 S2 S3, A1 A2 B1]---veth---[gate: FAKE4 REAL4 OTHER4, FAKE6 REAL6 OTHER6]
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/ctl.sh"
. "$(dirname "$0")/state.sh"

judges()
{
	expect refused from "$1" to "$FAKE4"
	expect open from "$1" to "$REAL4"
}

topology_pair
rules_input

# from the start
mkdir "$STATE"
chown --reference="$T" "$STATE"
mount -o remount,ro /var/lib
start_gate
expect_log "state is not stored: cannot write $DB: Read-only file system"
expect silent from "$S1" to "$REAL4"
judges "$S1"
mount -o remount,rw /var/lib
until_true 25 grep -q "state loaded" "$LOG"
stored
expect_rows 1 "SELECT count(*) FROM entry WHERE source = '$S1'"

# somebody removes what is in it
: >"$LOG"
rm "$STATE"/*
judges "$S3"
judges "$S2"
expect_log "state is not stored: $DB is not there any more"
until_true 25 grep -q "state is stored again" "$LOG"
stored
expect_rows 3 "SELECT count(*) FROM entry" # all that is known is in the new one
stop_gate
start_gate
expect open from "$S1" to "$REAL4"
expect open from "$S3" to "$REAL4"
