#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: without -F the command returns when the daemon is ready, with a pid file until the end
#
#   [sender S1 S2, A1 A2 B1]---veth---[gate: FAKE4 REAL4 OTHER4, FAKE6 REAL6 OTHER6]
. "$(dirname "$0")/lib.sh"
topology_pair
rules_input
once 0 -n 23 -f "$FAKE4" -r "$REAL4"
[ ! -s "$T/said" ] || fail "a good start said: $(cat "$T/said")"
# No waiting: ready means ready.
expect refused from "$S1" to "$FAKE4"
expect open from "$S1" to "$REAL4"
expect silent from "$S2" to "$REAL4"

pid=$(cat /run/mxallowd.pid) || fail "no pid file"
[ "$(readlink "/proc/$pid/cwd")" = / ] || fail "it stays in $(readlink "/proc/$pid/cwd")"
grep -q "mxallowd" "/proc/$pid/cmdline" || fail "the pid file does not name the daemon"
[ "$(cut -d' ' -f6 "/proc/$pid/stat")" = "$pid" ] || fail "it did not leave the session"
for fd in 0 1 2; do
	[ "$(readlink "/proc/$pid/fd/$fd")" = /dev/null ] || fail "descriptor $fd is still ours"
done

gone()
{
	! is_running "$pid"
}
kill -TERM "$pid"
until_true 5 gone
# It can no longer be removed once privileges are gone.
[ ! -s /run/mxallowd.pid ] || fail "the pid file still names a process"
