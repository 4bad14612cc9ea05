#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: a sender behind a firewall that drops odd packets is refused after a second, let in, and by use for long
#
#   [sender S1 S2 S3, A1 A2 B1]---veth---[gate: FAKE4 REAL4, FAKE6 REAL6]
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/ctl.sh"
. "$(dirname "$0")/proof.sh"

passes()
{
	expect_late "$1" "$2"
	expect_log "^verdict=reset src=$1 dst=$2 reason=knock .* closes=10m proof=missing$"
	expect_known "$1" '"closes": *"10m".*"used": *"no", *"proven": *"no"'
	expect open from "$1" to "$3" within 50
	expect_known "$1" '"closes": *"36d".*"used": *"yes", *"proven": *"no"'
}

topology_pair
start_proof
proof_raw
# Connection tracking takes an old acknowledgement for a late one, and lets it pass.
for tool in iptables ip6tables; do
	in_sender $tool -A INPUT -m conntrack --ctstate INVALID -j DROP
	in_sender $tool -A OUTPUT -m conntrack --ctstate INVALID -j DROP
done
for port in 1 2 3 4 5; do
	expect refused from "$S3" to "$FAKE4" within 50
	expect refused from "$A2" to "$FAKE6" within 50
	settle
	expect_known "$S3" '"proven": *"yes"'
	expect_known "$A2" '"proven": *"yes"'
	ctl 0 flush all
done
# A firewall that knows better.
in_sender iptables -I INPUT -p tcp --tcp-flags SYN,ACK SYN,ACK -s "$FAKE4" -j DROP
in_sender ip6tables -I INPUT -p tcp --tcp-flags SYN,ACK SYN,ACK -s "$FAKE6" -j DROP
: >"$LOG"
passes "$S1" "$FAKE4" "$REAL4"
passes "$A1" "$FAKE6" "$REAL6"
flush_rules
proof_input
passes "$S2" "$FAKE4" "$REAL4"
passes "$B1" "$FAKE6" "$REAL6"
settle
refute_log '^proven'
expect_log '^counters proofs asked=14 challenged=14 shown=10 .* missing=4$'
