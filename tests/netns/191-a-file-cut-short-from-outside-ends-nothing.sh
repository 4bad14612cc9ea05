#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: when the state file is cut short under a daemon with work to do, it goes on, says so once at
#        most, and stores everything again; the next one knows it
# needs: sqlite3
#
#   [sender S1 S2 S3, A1 A2 B1]---veth---[gate: FAKE4 REAL4 OTHER4, FAKE6 REAL6 OTHER6]
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/ctl.sh"
. "$(dirname "$0")/state.sh"
topology_pair
rules_raw

is_trouble_over()
{
	[ "$(count_log 'state is not stored')" = "$(count_log 'state is stored again')" ]
}

# cut_short BYTES TURN: while something is written
cut_short()
{
	raw pace 800 count 4000 spread 1 wait 0 "10.$2.0.1" "$FAKE4" >/dev/null &
	sender=$!
	sleep 0.7
	truncate -s "$1" "$STATE/state.db"
	wait "$sender"
	is_running "$gate" || fail "cut to $1 bytes: the daemon has ended"
	expect refused from "$S2" to "$FAKE4"
	expect open from "$S2" to "$REAL4"
	until_true 25 is_trouble_over
	stored 10
	is_running "$gate" || fail "cut to $1 bytes: the daemon has ended"
	[ "$(count_log 'state is not stored')" -le 1 ] || fail "told more than once"
	known=$("$CTL" list | wc -l)
	[ "$known" -gt 3900 ] || fail "only $known are known"
}

turn=0
for bytes in 0 100 4096 20000; do
	turn=$((turn + 1))
	rm -rf "${STATE:?}"/*
	start_gate
	expect refused from "$S1" to "$FAKE4"
	raw count 2000 spread 1 wait 0 "10.1$turn.0.1" "$FAKE4" >/dev/null
	stored
	cut_short "$bytes" "$turn"
	[ "$(sql "PRAGMA integrity_check")" = ok ] || fail "the file is damaged"
	expect_rows "$known" "SELECT count(*) FROM entry"
	stop_gate
	start_gate
	expect_log "state loaded sources=$known useless=0"
	expect open from "$S1" to "$REAL4"
	expect open from "$S2" to "$REAL4"
	stop_gate
done
