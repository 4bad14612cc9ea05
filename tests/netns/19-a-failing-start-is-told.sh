#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: a start that fails says why and ends with its status, detaching or not
#
#   [sender S1 S2, A1 A2 B1]---veth---[gate: FAKE4 REAL4 OTHER4, FAKE6 REAL6 OTHER6]
. "$(dirname "$0")/lib.sh"
topology_pair
rules_input
start_gate
for how in "" "-F -s"; do
	# shellcheck disable=SC2086 # no argument or two
	once 69 $how -n 23 -f "$FAKE4" -r "$REAL4"
	expect_said '^mxallowd: .*queue.* 23.*'
done
[ ! -e /run/mxallowd.pid ] || fail "a daemon that never ran left a pid file"
# The one that has the queue does not notice.
expect refused from "$S1" to "$FAKE4"
expect open from "$S1" to "$REAL4"
