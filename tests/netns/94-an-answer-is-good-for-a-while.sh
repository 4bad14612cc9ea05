#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: a challenge is answered by its own number, address and port, within a minute or two, and no other way
#
#   [sender S1 S2 S3, A1 A2 B1]---veth---[gate: FAKE4 REAL4, FAKE6 REAL6]
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/ctl.sh"
. "$(dirname "$0")/proof.sh"

challenge()
{
	raw show 1 seq "$(date +%s)" sport "$3" "$1" "$2" >"$T/said"
	read -r number what <"$T/said"
	[ "$what" = syn-ack ] || fail "$1: $(cat "$T/said")"
}

# answer SRC DST SPORT NUMBER
answer()
{
	raw wait 0 flags RA sport "$3" seq "$4" "$1" "$2" >/dev/null
	settle
}

topology_pair
# The sender's kernel would answer by itself, but without ACK.
for tool in iptables ip6tables; do
	in_sender $tool -A OUTPUT -p tcp --tcp-flags RST,ACK RST -j DROP
done
start_proof
proof_raw
challenge "$S2" "$FAKE4" 4000
old=$number
challenge "$A2" "$FAKE6" 4000
old6=$number
sleep 55
answer "$A2" "$FAKE6" 4000 "$old6"
expect_log "^proven src=$A2 "
challenge "$S3" "$FAKE4" 4000
answer "$S3" "$FAKE4" 4000 $(((number + 1) % 4294967296))
answer "$S3" "$FAKE4" 4001 "$number"
answer "$S3" "$REAL4" 4000 "$number"
answer "$S1" "$FAKE4" 4000 "$number"
refute_log '^proven src=198'
answer "$S3" "$FAKE4" 4000 "$number"
expect_log "^proven src=$S3 "
sleep 75
answer "$S2" "$FAKE4" 4000 "$old"
refute_log "^proven src=$S2 "
challenge "$S2" "$FAKE4" 4000
[ $((number & 0x7fffffff)) != $((old & 0x7fffffff)) ] || fail "the same challenge two minutes later"
answer "$S2" "$FAKE4" 4000 "$number"
expect_log "^proven src=$S2 "
expect_log '^counters proofs .* shown=3 '
