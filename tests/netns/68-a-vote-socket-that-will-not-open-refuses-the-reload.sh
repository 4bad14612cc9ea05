#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: a reload whose vote socket cannot be opened changes nothing, and the old one goes on
# needs: socat
#
#   [sender S1 S2 S3, A1 A2 B1]---veth---[gate: FAKE4 REAL4 OTHER4, FAKE6 REAL6 OTHER6]
. "$(dirname "$0")/lib.sh"
topology_pair
rules_input
write_conf "whitelist-time = 1h" 'vote { listen = "unix:/run/mxallowd/vote" }'
run_gate -c "$T/conf" # and it makes the folder itself
write_conf "whitelist-time = 2h" 'vote { listen = "unix:/nowhere/vote" }'
kill -HUP "$gate"
expect_log "^reload refused, nothing changed: "
answer=$(echo "black $S1" | socat -t 2 - UNIX-CONNECT:/run/mxallowd/vote) ||
	fail "the old socket is gone"
[ "$answer" = ok ] || fail "the old socket answers: $answer"
expect_log "^vote kind=black src=$S1 .*outcome=penalised"
expect refused from "$S2" to "$FAKE4"
expect_log "src=$S2 .*reason=knock .*closes=1h"
