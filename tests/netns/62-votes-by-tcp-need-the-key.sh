#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: a TCP voter with the key is heard; all ways of being wrong are refused and counted
# needs: perl socat
#
#   [sender S1 S2 S3, A1 A2 B1]---veth---[gate: FAKE4 REAL4 OTHER4, FAKE6 REAL6 OTHER6]
. "$(dirname "$0")/lib.sh"
. "$here/votes.sh"
perl -MDigest::SHA -MIO::Socket::IP -e 1 2>/dev/null || skip "needs Perl with its core modules"
topology_pair
rules_input
start_gate_for_votes

# voter HOST WAY VOTE...
voter()
{
	host=$1 way=$2
	shift 2
	perl "$here/tcp-voter.pl" "$host" 7925 "$T/key" "$way" "$@" >"$T/answers" 2>&1 ||
		fail "the voter ended: $(cat "$T/answers")"
}

# answers LINE...
answers()
{
	printf '%s\n' "$@" >"$T/wanted"
	cmp -s "$T/wanted" "$T/answers" || fail "wanted $*, got: $(cat "$T/answers")"
}

for host in ::1 127.0.0.1; do
	voter "$host" right "black $S1 spam" "white $S2"
	answers ok ok
done
expect_log "^vote kind=black src=$S1 from=tcp:::1 "
expect_log "^vote kind=white src=$S2 from=tcp:127.0.0.1 "
expect_votes good=4 bad=0 forged=0
is_shut_out "$S1"
expect open from "$S2" to "$REAL4"

voter ::1 unsigned "black $S3"
answers "error: a signed line starts with its number, 1 or more"
voter ::1 oversized "black $S3"
answers "error: the line is longer than 511 bytes"
expect_votes good=4 bad=2 forged=0
voter ::1 key "black $S3"
answers "error: the signature is wrong"
voter ::1 nonce "black $S3"
answers "error: the signature is wrong"
voter ::1 number "black $S3"
answers "error: the next number is 1"
expect_votes good=4 bad=2 forged=3
refute_log "src=$S3"
voter ::1 replay "black $S1"
answers ok "error: the next number is 2"
expect_votes good=5 bad=2 forged=4

# Ten in a row, and it is over.
voter ::1 key 1 2 3 4 5 6 7 8 9 10 11
[ "$(tail -n 1 "$T/answers")" = closed ] || fail "still open after: $(cat "$T/answers")"
expect_votes good=5 bad=2 forged=14
gets_in "$S3"
