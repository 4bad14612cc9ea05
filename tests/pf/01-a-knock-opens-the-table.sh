#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: who knocked is in pf's table, and is taken out when its window is over
. "$(dirname "$0")/pf.sh"

# What another run left behind is not what we know.
echo 203.0.113.1 >"$T/table"
start_pf -t 3 -b
expect_table

log_pf syn "$S1" "$REAL4"
expect_log "verdict=drop src=$S1 dst=$REAL4 reason=no-knock"
knock "$S1"
expect_table "$S1"
knock "$A1"
expect_table "$S1" 2001:db8:a::/64
[ "$(head -n 1 "$T/calls")" = "-q -t mx-white -T replace -f -" ] ||
	fail "the first run was no replacement: $(cat "$T/calls")"

"$BUILD/mxallowctl" status | grep -q 'table' || fail "status does not tell of the table"
"$BUILD/mxallowctl" rules | grep -q "^pass in log quick inet proto tcp from <mx-white> to $REAL4" ||
	fail "rules are not pf's"

# Use refreshes the window: one of them stays.
for _ in 1 2 3 4; do
	sleep 1
	log_pf syn "$S1" "$REAL4" pass
done
expect_log "verdict=accept src=$S1 dst=$REAL4 reason=open"
expect_table "$S1"
expect_table
