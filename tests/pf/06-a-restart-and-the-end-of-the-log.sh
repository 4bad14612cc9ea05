#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: what was known is in the table after a restart, and without a log there is no daemon
. "$(dirname "$0")/pf.sh"

keeps_state=yes
start_pf -b
knock "$S1"
knock "$B1"
expect_table "$S1" 2001:db8:b::/64
stop_gate
: >"$T/table"
start_pf -b
expect_table "$S1" 2001:db8:b::/64

exec 9>&-
until_true 5 gate_is_gone
expect_log '/run/test/pflog is lost: '
wait "$gate"
rc=$?
gate=
[ "$rc" = 69 ] || fail "status $rc, not 69"

: >"$T/file"
once 69 -F -s -f "$FAKE4" -r "$REAL4" -p "$T/file" --pfctl "$T/pfctl"
expect_said 'unknown file format.*; a path has to be that of a FIFO'
printf 'link openbsd\n0 syn %s %s\n' "$S1" "$REAL4" | "$tests/pcap/mkcap" >"$T/file"
once 69 -F -s -f "$FAKE4" -r "$REAL4" -p "$T/file" --pfctl "$T/pfctl"
expect_said 'this is a file, which has an end; --replay judges one'
once 69 -F -s -f "$FAKE4" -r "$REAL4" -p "$T/absent" --pfctl "$T/pfctl"
expect_said 'absent: No such file.*; a path has to be that of a FIFO'
once 69 -F -s -f "$FAKE4" -r "$REAL4" -p "$T/pflog" --pfctl /nonexistent
expect_said 'pfctl = /nonexistent: No such file'
once 69 -F -s -f "$FAKE4" -r "$REAL4" -p "$T/pflog" --pfctl /usr
expect_said 'pfctl = /usr: Permission denied'
: >"$T/plain"
once 69 -F -s -f "$FAKE4" -r "$REAL4" -p "$T/pflog" --pfctl "$T/plain"
expect_said 'plain: Permission denied'
