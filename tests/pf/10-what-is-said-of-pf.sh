#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: a build for pf speaks of pf: usage, status, rules, completion
. "$(dirname "$0")/pf.sh"

once 0 --help
expect_said '^ *\[-p pflog-interface\] \[-l pcap-filter\]'
! grep -q 'n queue-num' "$T/said" || fail "usage tells of a queue"

# What libpcap does not understand is found before a start, too.
printf 'fake-mailserver %s\nreal-mailserver %s\npcap-filter prot 25\n' "$FAKE4" "$REAL4" >"$T/conf"
once 78 -T -c "$T/conf"
expect_said '^/run/test/conf:3: pcap-filter = prot 25: '
once 64 -T -f "$FAKE4" -r "$REAL4" -l 'port'
expect_said '^mxallowd: -l = port: '
once 0 -T -f "$FAKE4" -r "$REAL4" -l 'port 25 and not src net 10.0.0.0/8'
once 0 -T -f "$FAKE4" -r "$REAL4" -l ''

start_pf -b
knock "$S1"
expect_table "$S1"
ctl()
{
	"$BUILD/mxallowctl" "$@" >"$T/said" 2>&1
}
ctl status || fail "no status: $(cat "$T/said")"
expect_said 'interface /run/test/pflog, packets 1,'
expect_said 'name mx-white, networks 1,'
kill -USR1 "$gate"
expect_log 'counters pflog packets=1 '
expect_log 'counters table networks=1 runs='
ctl rules || fail "no rules: $(cat "$T/said")"
expect_said '^pass in log quick inet6 proto tcp from <mx-white> '
for form in --nft --iptables; do
	ctl rules $form && fail "rules $form: $(cat "$T/said")"
	expect_said 'this daemon watches pf'
done

"$tests/../contrib/completion/make" "$T"
grep -q -- '--pcap-filter' "$T/mxallowd.bash" || fail "completion knows no --pcap-filter"
grep -q -- '--pflog-interface' "$T/_mxallowd" || fail "completion knows no --pflog-interface"
