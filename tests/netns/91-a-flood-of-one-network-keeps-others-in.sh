#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: a flood out of one /24 or /48 pushes out its own entries, not the fresh knock of another network
#
#   [sender S1 S2 S3, A1 A2 B1]---veth---[gate: FAKE4 REAL4, FAKE6 REAL6]
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/ctl.sh"
. "$(dirname "$0")/proof.sh"

topology_pair
write_conf 'entries-max = 1000'
run_gate -c "$T/conf"
rules_raw
expect refused from "$S1" to "$FAKE4"
# From here on 900 others stand before those of the flood, and all are younger than S1.
raw count 900 spread 2 wait 0 20.0.0.1 "$FAKE4" >/dev/null
raw count 256 spread 1 wait 0 203.0.113.0 "$FAKE4" >/dev/null
settle
expect_log '^counters table entries=1000 .*evicted=[1-9]'
expect open from "$S1" to "$REAL4"
ctl 0 flush all
expect refused from "$B1" to "$FAKE6"
for n in 1 2 3; do
	raw count 2000 seq $n spread 1 wait 0 "2001:db8:f0$n::" "$FAKE6" >/dev/null
done
settle
expect_log '^counters table entries=1000 .*over=[1-9][0-9]{3} '
expect open from "$B1" to "$REAL6"
# A sender of the attacked network is let in all the same.
raw wait 0 sport 9999 2001:db8:f01:9999::1 "$FAKE6" >/dev/null
settle
expect_known 2001:db8:f01:9999::1 '"state": *"open"'
