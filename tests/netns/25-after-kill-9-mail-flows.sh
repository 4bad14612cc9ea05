#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: one second after kill -9 mail flows again, by --queue-bypass
#
#   [sender S1 S2, A1 A2 B1]---veth---[gate: FAKE4 REAL4 OTHER4, FAKE6 REAL6 OTHER6]
. "$(dirname "$0")/lib.sh"
topology_pair
rules_raw
start_gate
expect silent from "$S1" to "$REAL4"
kill -STOP "$gate"
in_sender "$PROBES/connect" "$S1" "$REAL4" 25 4000 >"$T/held" &
sleep 0.3
kill_gate
expect open from "$S2" to "$REAL4"
until_true 5 test -s "$T/held"
read -r how ms <"$T/held"
[ "$how" = open ] && [ "$ms" -lt 2500 ] || fail "the one held at that moment: $how $ms"
# And it can be started again at once.
start_gate
expect silent from "$S1" to "$REAL4"
