#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: malformed packets and stray ACKs are left to the kernel and open nothing
#
#   [sender S1 S2, A1 A2 B1]---veth---[gate: FAKE4 REAL4 OTHER4, FAKE6 REAL6 OTHER6]
. "$(dirname "$0")/lib.sh"
topology_pair
# As wide as a rule can be, so that everything comes to the daemon.
iptables -t raw -A PREROUTING -p tcp --dport 25 -j NFQUEUE --queue-num 23
ip6tables -t raw -A PREROUTING -p tcp --dport 25 -j NFQUEUE --queue-num 23
start_gate
n=1
for pair in "$S1 $FAKE4" "$A1 $FAKE6"; do
	# shellcheck disable=SC2086 # two addresses
	for odd in "doff 4" "doff 0" "doff 15" "doff 6 payload 3"; do
		raw wait 30 sport $((4000 + n)) $odd $pair >"$T/answer"
		[ "$(cat "$T/answer")" = nothing ] || fail "$odd: $(cat "$T/answer")"
		n=$((n + 1))
	done
	expect_log "^verdict=accept src=${pair% *} dst=${pair#* } reason=malformed$"

	# A stray ACK meets the kernel's own RST, from the fake address too.
	# shellcheck disable=SC2086
	[ "$(raw flags A $pair)" = reset ] || fail "stray ACK: no RST of the kernel's"
	expect_log "^verdict=accept src=${pair% *} dst=${pair#* } reason=not-a-syn$"
	for odd in SF SR SA SAFR R F; do
		# shellcheck disable=SC2086
		raw wait 30 flags $odd $pair >/dev/null
	done
done

# Nobody is there: no entry, and no RST to a whole network.
for pair in "224.0.0.1 $FAKE4" "255.255.255.255 $FAKE4" "ff02::1 $FAKE6" \
	    ":: $FAKE6"; do
	# shellcheck disable=SC2086 # two addresses
	raw wait 0 $pair >/dev/null 2>&1
done
settle
refute_log 'reason=knock'
expect_log '^verdict=accept src=224.0.0.1 dst=192.0.2.3 reason=malformed$'
expect_log '^counters resets sent=0 .*refused=0 capped=0 failed=0$'
iptables -t raw -F
ip6tables -t raw -F
rules_raw
expect silent from "$S1" to "$REAL4"
expect silent from "$A1" to "$REAL6"
