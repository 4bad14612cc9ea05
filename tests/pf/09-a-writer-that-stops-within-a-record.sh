#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: who writes half a record into the FIFO holds up nothing
. "$(dirname "$0")/pf.sh"

start_pf -b
printf 'link openbsd\n0 syn %s %s\n' "$S1" "$FAKE4" | "$tests/pcap/mkcap" | tail -c +25 >"$T/record"
head -c 70 "$T/record" >&9
settle
timeout 2 "$BUILD/mxallowctl" white "$S2" >/dev/null || fail "no answer within half a record"
expect_table "$S2"
tail -c +71 "$T/record" >&9
expect_table "$S1" "$S2"

# More at once than one turn takes, and then silence: the last one counts.
for i in $(seq 1 1500); do echo "0 syn 198.51.100.200:$i $OTHER4"; done >"$T/text"
{ echo "link openbsd"; cat "$T/text"; echo "0 syn $S3 $FAKE4"; } | "$tests/pcap/mkcap" | tail -c +25 >&9
expect_table "$S1" "$S2" "$S3"

# It goes away within a record: that is the end, and it is told.
head -c 70 "$T/record" >&9
exec 9>&-
until_true 5 gate_is_gone
expect_log '/run/test/pflog is lost: the capture is truncated: it ends within a record'
wait "$gate"
rc=$?
gate=
[ "$rc" = 69 ] || fail "status $rc, not 69"
