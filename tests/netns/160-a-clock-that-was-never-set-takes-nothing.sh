#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: a host that boots with the clock of 1970 and sets it later forgets nobody, let in or
#        kept out, also when it is cut off before
# needs: sqlite3
#
#   [sender S1 S2 S3, A1 A2 B1]---veth---[gate: FAKE4 REAL4 OTHER4, FAKE6 REAL6 OTHER6]
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/ctl.sh"
. "$(dirname "$0")/state.sh"

# A boot with a clock that is off by so many days.
boot()
{
	sql "UPDATE meta SET value = 'another' WHERE key = 'boot'"
	set_clock "$1"
	false_clock run_gate -c "$T/conf"
}

expect_as_before()
{
	expect open from "$S1" to "$REAL4"
	expect silent from "$S2" to "$REAL4"
	ctl 0 list
	expect_answer "^$S1 open, closes in 3[56]d"
	expect_answer "^$S2 penalty, penalty for another (59m|1h)"
	ctl 1 why "$S3"
	expect_answer "Strikes: 1 of 3"
}

topology_pair
rules_input
write_conf "penalty { strikes = 3 }"
run_gate -c "$T/conf"
expect refused from "$S1" to "$FAKE4"
expect open from "$S1" to "$REAL4"
ctl 0 black "$S2" --for 1h
ctl 0 black "$S3"
stored
expect_as_before
stop_gate

# as they are after some days
sql "UPDATE entry SET opens = opens - 9 * 86400;
     UPDATE record SET strikes = strikes - 36000 WHERE source = '$S3'"
year_1970=-$(($(date +%s) / 86400))
boot "$year_1970"
expect_log "written later than it is now"
expect refused from "$A1" to "$FAKE6"
sleep 2
stored
kill_gate

boot "$year_1970"
expect_as_before
sleep 2
set_clock +0
sleep 2
stored
expect_as_before
stop_gate

boot +0
expect_as_before
refute_log "make no sense|useless=[1-9]"
