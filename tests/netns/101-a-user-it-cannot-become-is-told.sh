#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: root who cannot become the user ends with 77, naming step and capability
# needs: setpriv
#
#   [sender S1 S2 S3, A1 A2 B1]---veth---[gate: FAKE4 REAL4 OTHER4, FAKE6 REAL6 OTHER6]
SANDBOX=1
. "$(dirname "$0")/lib.sh"
confined_anyway
without()
{
	cap=$1 step=$2
	setpriv --inh-caps="-$cap" --bounding-set="-$cap" \
		"$GATE" -F -s -n 23 -f "$FAKE4" -r "$REAL4" >"$T/said" 2>&1
	rc=$?
	[ "$rc" = 77 ] || fail "without $cap: status $rc, it said: $(cat "$T/said")"
	expect_said "^mxallowd: cannot $step: CAP_$(echo "$cap" | tr a-z A-Z) is missing"
	[ ! -e /run/mxallowd/control ] || fail "the control socket was left behind"
}

without setgid "leave the groups"
without setuid "become the user"

# No user namespace of ours knows this one.
sed -i 's/^mxallowd:x:901:/mxallowd:x:4000000:/' /etc/passwd
once 77 -F -s -n 23 -f "$FAKE4" -r "$REAL4"
expect_said "cannot .*user mxallowd.*: this user name space does not know him; say user = root"

# And where there is none at all, it stays root and says so once.
sed -i '/^mxallowd:/d' /etc/passwd
topology_pair
rules_input
start_gate
[ "$(count_log "^running as root: there is no user mxallowd")" = 1 ] || fail "no warning"
expect refused from "$S1" to "$FAKE4"
stop_gate
start_gate --user root
refute_log "^running as root"
