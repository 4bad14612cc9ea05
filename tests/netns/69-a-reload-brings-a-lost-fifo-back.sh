#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: a reload keeps the FIFO of a long-lived writer, and brings back one that was removed
# needs: socat
#
#   [sender S1 S2 S3, A1 A2 B1]---veth---[gate: FAKE4 REAL4 OTHER4, FAKE6 REAL6 OTHER6]
. "$(dirname "$0")/lib.sh"
. "$here/votes.sh"
. "$here/ctl.sh"
topology_pair
rules_input
start_gate_for_votes

exec 3>"$PIPE"
ctl 0 reload
echo "+$S3" >&3 || fail "the FIFO of a long-lived writer is gone"
is_shut_out "$S3"
exec 3>&-

rm "$PIPE"
ctl 0 reload
[ -p "$PIPE" ] || fail "the FIFO did not come back"
timeout 2 sh -c "echo '+$S2' >'$PIPE'" || fail "nobody reads the new FIFO"
is_shut_out "$S2"
