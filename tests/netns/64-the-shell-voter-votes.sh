#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: contrib/voters/mxallowd-vote votes by socket or FIFO, and tells what went wrong
# needs: socat
#
#   [sender S1 S2 S3, A1 A2 B1]---veth---[gate: FAKE4 REAL4 OTHER4, FAKE6 REAL6 OTHER6]
. "$(dirname "$0")/lib.sh"
. "$here/votes.sh"
topology_pair
rules_input

# vote STATUS ARGS
vote()
{
	want=$1
	shift
	timeout 10 "$VOTERS/mxallowd-vote" "$@" >"$T/said" 2>&1
	rc=$?
	[ "$rc" = "$want" ] ||
		fail "mxallowd-vote $*: status $rc, wanted $want: $(cat "$T/said")"
}

vote 69 black "$S1"
expect_said "neither $BOX nor $PIPE takes votes"
vote 64 black
vote 64 grey "$S1"
vote 64 black 'mail.example.org'
vote 64 forget "$S1" text

start_gate_for_votes
vote 0 black "$S1" "spamtrap
second line" '$(touch /run/test/ran)' 'a=b'
expect_log "^vote kind=black src=$S1 from=uid:0 outcome=penalised text=spamtrap.x20second"
[ ! -e "$T/ran" ] || fail "the text was run"
is_shut_out "$S1"
vote 0 forget "$S1"
gets_in "$S1"
vote 1 black 192.0.2.300
expect_said '^mxallowd-vote: this is no address: 192.0.2.300$'

# Without the socket, the FIFO.
MXALLOWD_SOCKET=/run/mxallowd/nothing vote 0 black "$S2" by the FIFO
expect_log "^vote kind=black src=$S2 from=fifo:$PIPE outcome=penalised"
expect_votes good=3 bad=1

# A FIFO that nobody reads holds up no mail for long.
stop_gate
rm -f "$PIPE"
mkfifo "$PIPE"
vote 69 black "$S2"
