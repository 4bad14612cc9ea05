#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: in observe mode pfctl is never run, and the log says what would be done
. "$(dirname "$0")/pf.sh"

start_pf -b -O
knock "$S1"
expect_log "table would=add src=$S1"
log_pf syn "$S2" "$REAL4"
expect_log "verdict=accept would=drop src=$S2"
settle
refute_log "table would=add src=$S2"
[ ! -s "$T/calls" ] || fail "pfctl was run: $(cat "$T/calls")"
