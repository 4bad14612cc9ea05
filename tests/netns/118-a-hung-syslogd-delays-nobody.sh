#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: a syslogd that hangs, or is gone, delays no verdict; the lines it did not take are counted
# needs: perl
#
#   [sender S1 S2]---veth---[gate: FAKE4 REAL4]---/dev/log, not read
. "$(dirname "$0")/lib.sh"
. "$here/ctl.sh"
. "$here/overload.sh"
topology_pair
rules_raw
private_dir /dev
# Takes what a socket holds, and no more.
perl -MSocket -e 'socket(S, AF_UNIX, SOCK_DGRAM, 0) && bind(S, sockaddr_un("/dev/log")) or die;
	chmod 0666, "/dev/log"; sleep 100' &
syslogd=$!
until_true 3 test -S /dev/log
once 0 -n 23 -f "$FAKE4" -r "$REAL4"
gate=$(cat /run/mxallowd.pid)
is_stuck()
{
	raw count 3000 spread 1 wait 0 203.0.113.0 "$REAL4" >/dev/null
	has_counter table_log_lost -ge 1
}
begin_pulse "$S1" "$FAKE4" 3
until_true 30 is_stuck
end_pulse 500
expect open from "$S1" to "$REAL4"
expect silent from "$S2" to "$REAL4"
kill "$syslogd"
wait "$syslogd" 2>/dev/null
rm /dev/log
begin_pulse "$S1" "$FAKE4" 1
end_pulse 500
expect silent from "$S2" to "$REAL4"
kill -TERM "$gate"
until_true 10 gate_is_gone
gate=
