#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: the MIMEDefang snippet votes with core Perl alone, and survives a missing daemon
# needs: perl socat
#
#   [sender S1 S2 S3, A1 A2 B1]---veth---[gate: FAKE4 REAL4 OTHER4, FAKE6 REAL6 OTHER6]
. "$(dirname "$0")/lib.sh"
. "$here/votes.sh"
topology_pair
rules_input

# perl_vote ANSWER ARGS
perl_vote()
{
	want=$1
	shift
	got=$(perl -we 'require shift; print mxallowd_vote(@ARGV)' \
		"$VOTERS/mimedefang.pl" "$@" 2>&1)
	[ "$got" = "$want" ] || fail "$*: wanted \"$want\", got \"$got\""
}

perl_vote "$BOX: No such file or directory" black "$S1"
start_gate_for_votes
perl_vote '' black "$S1" "spamtrap; $(printf 'two\nlines')"
expect_log "^vote kind=black src=$S1 from=uid:0 outcome=penalised text=spamtrap;.x20two.x20lines"
is_shut_out "$S1"
perl_vote '' white "$S2"
expect open from "$S2" to "$REAL4"
perl_vote 'this is no address: 192.0.2.300' black 192.0.2.300
perl_vote 'no address' black mail.example.org
perl_vote 'no vote: grey' grey "$S1"
perl_vote '' forget "$S1"
gets_in "$S1"
