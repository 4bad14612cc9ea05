#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: READY=1 and STOPPING=1 reach NOTIFY_SOCKET, path or abstract, once the queue is bound
# needs: socat
#
#   [sender S1 S2, A1 A2 B1]---veth---[gate: FAKE4 REAL4 OTHER4, FAKE6 REAL6 OTHER6]
. "$(dirname "$0")/lib.sh"
topology_pair
rules_input

listening()
{
	grep -q "$T/notify$" /proc/net/unix
}
socat -u UNIX-RECV:"$T/notify",mode=666 OPEN:"$T/told",creat,append &
until_true 3 listening
NOTIFY_SOCKET=$T/notify
export NOTIFY_SOCKET
start_gate
until_true 3 grep -q 'READY=1' "$T/told"
! grep -q 'STOPPING=1' "$T/told" || fail "it said STOPPING while it ran"
expect refused from "$S1" to "$FAKE4"
stop_gate
until_true 3 grep -q 'STOPPING=1' "$T/told"

NOTIFY_SOCKET=$T/nobody-listens
start_gate
expect open from "$S1" to "$OTHER4"
