#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: of a daemon that dies with packets held, these are lost, their repetition passes
#
#   [sender S1 S2]---veth---[gate: FAKE4 REAL4]
. "$(dirname "$0")/lib.sh"
. "$here/ctl.sh"
. "$here/overload.sh"
topology_pair
rules_raw
start_gate
started=$(counter process_started)
expect silent from "$S1" to "$REAL4"
kill -STOP "$gate"
for n in 2 3 4; do
	in_sender "$PROBES/connect" "198.51.100.$n" "$REAL4" 25 4000 >"$T/held$n" &
done
sleep 0.3
kill -SEGV "$gate"
kill -CONT "$gate"
wait "$gate"
[ $? -gt 0 ] || fail "it survived"
gate=
expect open from "$S2" to "$REAL4"
for n in 2 3 4; do
	until_true 5 test -s "$T/held$n"
	read -r how ms <"$T/held$n"
	[ "$how" = open ] && [ "$ms" -lt 2500 ] || fail "198.51.100.$n, held: $how $ms"
done
# What it left behind is no obstacle, and that it began anew shows.
sleep 1
start_gate
expect silent from "$S1" to "$REAL4"
expect_counter process_started -gt "$started"
