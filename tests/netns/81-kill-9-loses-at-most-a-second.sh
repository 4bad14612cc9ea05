#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: 20 of 20 times kill -9 under 800 knocks a second loses no entry older than one second
# needs: sqlite3
#
#   [sender S1 S2 S3, A1 A2 B1]---veth---[gate: FAKE4 REAL4 OTHER4, FAKE6 REAL6 OTHER6]
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/state.sh"
topology_pair
rules_raw
tries=20
old=0 lost=0
for try in $(seq $tries); do
	start_gate
	nsenter --net=/run/netns/sender "$PROBES/raw" pace 800 count 8000 spread 1 wait 0 \
		"10.$try.0.1" "$FAKE4" >"$T/sent" &
	sender=$!
	# anywhere between two rounds of half a second
	sleep "1.$((20 + try * 37 % 80))"
	now=$(date +%s%3N)
	kill_gate
	kill "$sender" 2>/dev/null
	wait "$sender" 2>/dev/null
	awk -v now="$now" 'NF == 2 && $2 <= now - 1000 { print $1 }' "$T/sent" | sort >"$T/old"
	awk -v now="$now" 'NF == 2 && $2 <= now { print $1 }' "$T/sent" | sort >"$T/all"
	[ "$(wc -l <"$T/old")" -ge 20 ] || fail "try $try: nothing is older than a second"

	start_gate
	timeout 20 "$BUILD/mxallowctl" list >"$T/list" || fail "try $try: no list"
	sed -n "s/^\(10\.$try\.[0-9.]*\) .*/\1/p" "$T/list" | sort >"$T/known"
	comm -23 "$T/old" "$T/known" >"$T/lost"
	[ ! -s "$T/lost" ] || fail "try $try: $(wc -l <"$T/lost") of $(wc -l <"$T/old") entries \
older than a second are lost, among them $(head -n 3 "$T/lost" | tr '\n' ' ')"
	old=$((old + $(wc -l <"$T/old")))
	lost=$((lost + $(comm -23 "$T/all" "$T/known" | wc -l)))
	stop_gate
done
# Of all tries together: what was known before is there at the end as well.
start_gate
timeout 20 "$BUILD/mxallowctl" list >"$T/list"
[ "$(wc -l <"$T/list")" -ge "$old" ] || fail "$(wc -l <"$T/list") known at the end, of $old"
echo "$old entries older than a second, none lost; $lost younger ones lost in $tries tries"
