#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: when pfctl fails the table is made whole later, and a lost helper ends the daemon
. "$(dirname "$0")/pf.sh"

start_pf -b
knock "$S1"
expect_table "$S1"
: >"$T/broken"
knock "$S2"
expect_log 'table mx-white is not as it should be: .*status 1; it said: pfctl'
knock "$S3"
echo 203.0.113.1 >"$T/table"
rm "$T/broken"
expect_table "$S1" "$S2" "$S3"
expect_log 'table mx-white is as it should be again'

# A reload makes it whole, too: `pfctl -f` may have emptied it.
: >"$T/table"
kill -HUP "$gate"
expect_table "$S1" "$S2" "$S3"

helper=$(cat /proc/"$gate"/task/*/children | tr ' ' '\n' | head -n 1)
kill -KILL "$helper"
expect_log 'table mx-white cannot be changed any more: '
until_true 5 gate_is_gone
wait "$gate"
rc=$?
gate=
[ "$rc" = 69 ] || fail "status $rc, not 69"
