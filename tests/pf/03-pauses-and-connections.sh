#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: after a pause the first SYN opens the table, and the last connection closes it
. "$(dirname "$0")/pf.sh"

echo 'queue "default" { start = attempt  pause = 1s  window = 1h  connections = 2 }' >"$T/conf"
start_pf -b -c "$T/conf"
log_pf syn "$S1:2000" "$REAL4"
expect_log "src=$S1 .*reason=first-try"
sleep 1.2
expect_table
log_pf syn "$S1:2001" "$REAL4"
expect_table "$S1"
log_pf syn "$S1:2001" "$REAL4" pass
settle
expect_table "$S1"
log_pf syn "$S1:2002" "$REAL4" pass
expect_table
log_pf syn "$S1:2003" "$REAL4"
expect_log "src=$S1 .*reason=spent"
expect_table

# One connection only: the SYN that uses it up was blocked, and is repeated.
log_pf syn "$S2:2000" "$REAL4"
sleep 1.2
log_pf syn "$S2:2001" "$REAL4"
log_pf syn "$S2:2002" "$REAL4"
expect_table "$S2"
sleep 1
expect_table "$S2"
log_pf syn "$S2:2002" "$REAL4" pass
expect_table
