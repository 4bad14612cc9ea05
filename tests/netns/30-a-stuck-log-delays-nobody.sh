#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: a log that nobody reads delays no verdict and does not keep the daemon from ending
# needs: mkfifo dd
#
#   [sender S1 S2]---veth---[gate: FAKE4 REAL4]---full pipe, no reader
. "$(dirname "$0")/lib.sh"
. "$here/ctl.sh"
. "$here/overload.sh"
topology_pair
rules_raw
mkfifo "$T/pipe"
exec 3<>"$T/pipe"
# shellcheck disable=SC2086 # one word or none
"$GATE" $CONFINED -F -s --user root -n 23 -f "$FAKE4" -r "$REAL4" >&3 2>"$LOG" &
gate=$!
read -r line <&3
case $line in 'ready '*) ;; *) fail "wanted the line ready, got: $line" ;; esac
for size in 4096 1; do
	dd if=/dev/zero of="$T/pipe" bs=$size count=8192 oflag=nonblock 2>/dev/null
done
# The writer stands still from the first of these lines on.
raw count 3000 spread 1 wait 0 203.0.113.0 "$REAL4" >"$T/sent"
expect refused from "$S1" to "$FAKE4" within 300
raw count 3000 spread 1 wait 0 sport 9000 203.0.113.0 "$FAKE4" >"$T/sent"
expect open from "$S1" to "$REAL4" within 300
expect silent from "$S2" to "$REAL4"
! timeout 0.2 dd if=/dev/zero of="$T/pipe" bs=1 count=1 oflag=nonblock 2>/dev/null ||
	fail "the pipe was not full: this test showed nothing"
loses_lines()
{
	raw count 3000 spread 1 wait 0 203.0.113.0 "$REAL4" >"$T/sent"
	has_counter table_log_lost -ge 1
}
until_true 30 loses_lines
stop_gate
