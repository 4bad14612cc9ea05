#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: while votes pour in by FIFO and socket, senders are judged at once, and no writer hangs
# needs: socat
#
#   [sender S1 S2 S3, A1 A2 B1]---veth---[gate: FAKE4 REAL4 OTHER4, FAKE6 REAL6 OTHER6]
. "$(dirname "$0")/lib.sh"
. "$here/votes.sh"
topology_pair
rules_input
start_gate_for_votes

flood()
{
	timeout 20 yes "+$S3" >"$PIPE" &
	timeout 20 yes "black $S3 spam" | timeout 20 socat -u - "UNIX-CONNECT:$BOX" &
	timeout 20 yes nonsense >"$PIPE" &
}

flood
until_true 10 has_votes 'good=[0-9]{5,}'
# A SYN whose verdict came late would be repeated a second later.
for _ in 1 2 3 4 5 6 7 8 9 10; do
	expect refused from "$S1" to "$FAKE4" within 500
	expect open from "$S1" to "$REAL4" within 500
	expect refused from "$A1" to "$FAKE6" within 500
	expect open from "$A1" to "$REAL6" within 500
done
expect_votes 'bad=[1-9][0-9]*'
is_shut_out "$S3"
