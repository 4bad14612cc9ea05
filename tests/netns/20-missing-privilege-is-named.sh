#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: without the privilege it needs it ends with 77 and names the capability
# needs: setpriv
#
#   [sender S1 S2, A1 A2 B1]---veth---[gate: FAKE4 REAL4 OTHER4, FAKE6 REAL6 OTHER6]
. "$(dirname "$0")/lib.sh"
without()
{
	cap=$1
	shift
	setpriv --inh-caps="-$cap" --bounding-set="-$cap" \
		"$GATE" -F -s -n 23 -f "$FAKE4" -r "$REAL4" >"$T/said" 2>&1
	rc=$?
	[ "$rc" = 77 ] || fail "without $cap: status $rc, it said: $(cat "$T/said")"
	expect_said "^mxallowd: .*CAP_$(echo "$cap" | tr a-z A-Z)"
}

without net_admin
without net_raw
