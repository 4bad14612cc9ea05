#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: while resolv.conf hangs in being read, the daemon judges, and TERM ends it all the same
#
#   [sender S1 S2 S3, A1 A2 B1]---veth---[gate: FAKE4 REAL4 OTHER4, FAKE6 REAL6 OTHER6]
. "$(dirname "$0")/lib.sh"
topology_pair
rules_input
start_gate
expect refused from "$S1" to "$FAKE4"

# A pipe that nobody writes to is opened as a file on a hung disk is.
rm /etc/resolv.conf
mkfifo /etc/resolv.conf
kill -HUP "$gate"
expect_log "^reloaded "
sleep 0.5
expect open from "$S1" to "$REAL4"
expect silent from "$S2" to "$REAL4"

stop_gate
expect_log "^ended owed=0$"
expect_log "file that is being read hangs"
