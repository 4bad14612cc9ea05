#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: a state that cannot be read costs nobody in the table his place
. "$(dirname "$0")/pf.sh"

U1=203.0.113.1 U2=203.0.113.2

keeps_state=yes
start_pf -b
knock "$S1"
knock "$S2"
expect_table "$S1" "$S2"
stop_gate
echo "$U1" >>"$T/table"
echo "$U2" >>"$T/table"
: >"$T/calls"

# Damaged: it is set aside.
dd if=/dev/zero of=/var/lib/mxallowd/state.db bs=512 count=8 conv=notrunc 2>/dev/null
start_pf -b
expect_log 'table mx-white keeps what it holds'
expect_table "$S1" "$S2" "$U1" "$U2"
knock "$S3"
expect_table "$S1" "$S2" "$S3" "$U1" "$U2"
log_pf syn "$U1" "$REAL4" pass
expect_log "src=$U1 .*reason=no-knock"
log_pf syn "$U1:2000" "$REAL4" pass
expect_log "verdict=accept src=$U1 .*reason=open"
"$BUILD/mxallowctl" black "$S2" >/dev/null || fail "no black vote"
expect_table "$S1" "$S3" "$U1" "$U2"
: >"$T/broken"
"$BUILD/mxallowctl" forget "$S3" >/dev/null || fail "cannot forget"
expect_log 'table mx-white is not as it should be'
rm "$T/broken"
expect_table "$S1" "$U1" "$U2"
! grep -q replace "$T/calls" || fail "it was replaced: $(cat "$T/calls")"

# Who came from the table is known; a reload is the end of it for the others.
kill -HUP "$gate"
expect_table "$U1"
stop_gate
start_pf -b
refute_log 'keeps what it holds'
expect_table "$U1"
stop_gate

# Not to be opened, and then it is after all: what it holds comes into force.
chmod 777 /var/lib/mxallowd
echo "$U2" >>"$T/table"
start_pf -b
expect_log 'state is not stored: '
expect_log 'table mx-white keeps what it holds'
knock "$S3"
expect_table "$S3" "$U1" "$U2"
chmod 700 /var/lib/mxallowd
until_true 15 grep -q '^state loaded ' "$LOG"
expect_table "$S3" "$U1"
