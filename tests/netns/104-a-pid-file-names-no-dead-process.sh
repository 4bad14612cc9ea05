#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: the user cannot remove the pid file in root's folder, so it is emptied at the end
#
#   [sender S1 S2 S3, A1 A2 B1]---veth---[gate: FAKE4 REAL4 OTHER4, FAKE6 REAL6 OTHER6]
SANDBOX=1
. "$(dirname "$0")/lib.sh"
. "$here/confined.sh"
confined_anyway
topology_pair
rules_input
gone()
{
	! is_running "$pid"
}
for turn in 1 2; do
	once 0 -n 23 -f "$FAKE4" -r "$REAL4"
	pid=$(cat /run/mxallowd.pid)
	expect refused from "$S1" to "$FAKE4"
	[ "$(sed -n 's/^Uid:\t\([0-9]*\).*/\1/p' "/proc/$pid/status")" = 901 ] ||
		fail "turn $turn: it did not become the user"
	[ "$(owner_of /run/mxallowd.pid)" = root:root ] || fail "the pid file is not root's"
	kill -TERM "$pid"
	until_true 5 gone
	[ -f /run/mxallowd.pid ] || fail "turn $turn: the pid file is gone: test that instead"
	[ ! -s /run/mxallowd.pid ] || fail "turn $turn: the pid file still names a process"
done
