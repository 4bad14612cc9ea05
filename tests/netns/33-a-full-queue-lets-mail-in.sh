#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: while a stuck daemon lets its queue fill up, further mail passes
#
#   [sender S1 S2, A1 A2 B1]---veth---[gate: FAKE4 REAL4 OTHER4, FAKE6 REAL6 OTHER6]
. "$(dirname "$0")/lib.sh"
topology_pair
rules_raw
write_conf "queue-maxlen = 100"
run_gate -c "$T/conf"
expect silent from "$S1" to "$REAL4"
kill -STOP "$gate"
expect silent from "$S1" to "$REAL4"
raw count 100 spread 1 wait 0 203.0.113.0 "$REAL4" >"$T/sent"
expect open from "$S1" to "$REAL4"
expect open from "$A1" to "$REAL6"
kill -CONT "$gate"
settle
expect silent from "$S1" to "$REAL4"
