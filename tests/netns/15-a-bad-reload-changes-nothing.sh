#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: a bad file at HUP is reported with its line and changes nothing
#
#   [sender S1 S2, A1 A2 B1]---veth---[gate: FAKE4 REAL4 OTHER4, FAKE6 REAL6 OTHER6]
. "$(dirname "$0")/lib.sh"
topology_pair
rules_input
write_conf
run_gate -c "$T/conf"
expect refused from "$S1" to "$FAKE4"

write_conf "fake-action = accept" "whitelist-time = yesterday"
kill -HUP "$gate"
expect_log "$T/conf:5: .*whitelist-time"
expect refused from "$S2" to "$FAKE4"
expect open from "$S1" to "$REAL4"
expect silent from "$S3" to "$REAL4"

# What needs a restart is refused too.
write_conf "fake-action = accept" "prefix4 = 24"
kill -HUP "$gate"
expect_log "prefix4"
expect refused from "$S3" to "$FAKE4"

rm "$T/conf"
kill -HUP "$gate"
settle
expect open from "$S3" to "$REAL4"
