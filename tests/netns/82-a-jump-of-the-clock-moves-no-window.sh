#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: a wall clock that jumps by a year, while the daemon runs or while it does not, opens and
#        closes nothing; the times in the file follow it
# needs: sqlite3
#
#   [sender S1 S2 S3, A1 A2 B1]---veth---[gate: FAKE4 REAL4 OTHER4, FAKE6 REAL6 OTHER6]
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/ctl.sh"
. "$(dirname "$0")/state.sh"

# A daemon at a wall clock that is off by so many days.
at_clock()
{
	set_clock "$1"
	false_clock start_gate
}

# closes within a minute of 36 days from the daemon's false clock
expect_scale()
{
	now=$(($(date +%s) + $1 * 86400))
	expect_rows 1 "SELECT abs(closes - 36 * 86400 - $now) < 60 FROM entry WHERE source = '$S1'"
	expect_rows 1 "SELECT abs(penalty - 3600 - $now) < 60 FROM record WHERE source = '$S2'"
}

# S1 is open for 36 days and S2 out for an hour, whatever the clock says.
expect_as_before()
{
	expect open from "$S1" to "$REAL4"
	expect silent from "$S2" to "$REAL4"
	ctl 0 list
	expect_answer "^$S1 open, closes in 3[56]d"
	expect_answer "^$S2 penalty, penalty for another (59m|1h)"
}

topology_pair
rules_input
at_clock +0
expect refused from "$S1" to "$FAKE4"
expect open from "$S1" to "$REAL4"
ctl 0 black "$S2" --for 1h
stored
expect_scale 0

# while it runs
for days in +365 -365; do
	set_clock "$days"
	expect_log "system's clock went [0-9]+ seconds"
	: >"$LOG"
	until_true 5 has_stored commits 2
	stored
	expect_scale "$days"
	expect_as_before
done
stop_gate

# while it does not run, on the same boot: its other clock knows better
for days in +365 -365 +0; do
	at_clock "$days"
	expect_as_before
	expect_log "system's clock went [0-9]+ seconds"
	stored
	expect_scale "$days"
	stop_gate
done

# a boot with a clock that lags behind, and one with a clock that is far ahead
sql "UPDATE meta SET value = 'another' WHERE key = 'boot'"
at_clock -365
expect_log "written later than it is now"
expect_as_before
stop_gate
sql "UPDATE meta SET value = 'another' WHERE key = 'boot'"
at_clock +365
expect_log "more than a week ago by the system's clock"
ctl 0 list
expect_answer "^$S1 open, closes in (28|29)d"
expect open from "$S1" to "$REAL4"
