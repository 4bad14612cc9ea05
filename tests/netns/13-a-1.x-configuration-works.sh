#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: the configuration file and command line of the 1.x manual work as they stand
#
#   [sender S1 S2, A1 A2 B1]---veth---[gate: FAKE4 REAL4 OTHER4, FAKE6 REAL6 OTHER6]
. "$(dirname "$0")/lib.sh"
topology_pair
rules_input
for a in 3 4 5; do ip addr add 192.168.1.$a/32 dev gate0; done

cat >/etc/mxallowd.conf <<END
        stdout
        fake-mailserver 192.168.1.3
        fake-mailserver 192.168.1.4
        real-mailserver 192.168.1.5
        queue-num 23
END
# No -s: the file says stdout, as it did then.
run_gate_plainly -F
expect silent from "$S1" to 192.168.1.5
expect refused from "$S1" to 192.168.1.4
expect open from "$S1" to 192.168.1.5
expect refused from "$S2" to 192.168.1.3
expect open from "$S2" to 192.168.1.5
expect_log "^verdict=accept src=$S2 dst=192.168.1.5 reason=open queue=default$"
stop_gate

rm /etc/mxallowd.conf
run_gate_plainly -s -F -f 192.168.1.3 -r 192.168.1.4 -n 23
expect silent from "$S1" to 192.168.1.4
expect refused from "$S1" to 192.168.1.3
expect open from "$S1" to 192.168.1.4
