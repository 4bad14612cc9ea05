#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: a hundred thousand networks of both families, and a black vote acts at once
. "$(dirname "$0")/pf.sh"

perl -e '
	printf "mxallowd-export 1 time=%d\n", time;
	for (0 .. 99999) {
		my $src = $_ % 2 ? sprintf("2001:db8:%x::/64", 0x1000 + ($_ >> 1))
			: sprintf("198.18.%d.%d", $_ >> 9, $_ >> 1 & 255);
		print "entry src=$src queue=default via=knock used=yes proven=no opens-ms=0 ",
			"closes-ms=3000000000 connections=0\n";
	}' >"$T/import"
sed -n 's/^entry src=\([^ ]*\) .*/\1/p' "$T/import" | sort -u >"$T/wanted"
[ "$(wc -l <"$T/wanted")" = 100000 ] || fail "the list is no list"
is_out() { ! grep -qxF "$key" "$T/table"; }
rss_kb() { sed -n 's/^VmRSS:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$1/status"; }

# A sanitizer keeps what was freed.
limit=40000
grep -q __asan_init "$GATE" && limit=200000

start_pf -b
helper=$(cat /proc/"$gate"/task/*/children | tr ' ' '\n' | head -n 1)
before=$(rss_kb "$gate")
"$BUILD/mxallowctl" import <"$T/import" >"$T/said" 2>&1 || fail "no import: $(cat "$T/said")"
until_true 20 table_is
grew=$(($(rss_kb "$gate") - before))
[ "$grew" -le "$limit" ] || fail "the daemon grew by $grew kB"
[ "$(rss_kb "$helper")" -le "$limit" ] || fail "the helper has $(rss_kb "$helper") kB"

# A sweep through so many takes a minute; a vote does not wait for it.
for src in 198.18.100.7 2001:db8:5000::9; do
	"$BUILD/mxallowctl" black "$src" >/dev/null || fail "no black vote"
	key=$(echo "$src" | sed 's,::.*,::/64,')
	began=$(date +%s%3N)
	until_true 3 is_out
	took=$(($(date +%s%3N) - began))
	[ "$took" -le 1500 ] || fail "$src was in the table for another $took ms"
	grep -vxF "$key" "$T/wanted" >"$T/less"
	mv "$T/less" "$T/wanted"
done
! grep -q '198\.\|2001' "$T/calls" || fail "addresses on the command line"

# Replaced as a whole, with packets judged meanwhile.
: >"$T/table"
kill -HUP "$gate"
log_pf syn "$S1" "$REAL4"
expect_log "verdict=drop src=$S1 "
until_true 20 table_is
tail -n 1 "$T/calls" | grep -q replace || fail "no replacement"
