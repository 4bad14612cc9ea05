#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: clients cannot take the last descriptors; without any verdicts, RSTs and the log go on
# needs: dnsmasq perl prlimit socat
#
#   [sender S1 S2 S3]---veth---[gate: FAKE4 REAL4, DNS on 127.0.0.1]---clients in crowds
. "$(dirname "$0")/lib.sh"
. "$here/ctl.sh"
. "$here/dns.sh"
. "$here/votes.sh"
. "$here/overload.sh"
topology_pair
rules_raw
start_dns --host-record="mail.example.org,$S1" --host-record="mail.example.org,$S2"
start_gate_for_votes

# Connects so many times and says nothing.
crowd()
{
	perl -MSocket -e '$| = 1; for (1..$ARGV[1]) { socket($s[$_], AF_UNIX, SOCK_STREAM, 0) &&
		connect($s[$_], sockaddr_un($ARGV[0])) or die } print "there\n"; sleep 100' \
		"$@" >"$T/crowd" &
	crowds="$crowds $!"
	until_true 5 grep -q there "$T/crowd"
	rm "$T/crowd"
}
crowds=
in_use=$(ls "/proc/$gate/fd" | wc -l)
prlimit --pid "$gate" --nofile=$((in_use + 20)):
crowd "$BOX" 40
crowd /run/mxallowd/control 10
sleep 0.5
left=$((in_use + 20 - $(ls "/proc/$gate/fd" | wc -l)))
[ "$left" -ge 10 ] || fail "only $left descriptors are left"
expect refused from "$S1" to "$FAKE4" within 300
expect_log "^sibling src=$S2 of=$S1 name=mail.example.org"
expect open from "$S2" to "$REAL4" within 300

# Now there is none at all.
prlimit --pid "$gate" --nofile=3:
crowd /run/mxallowd/control 10
begin_pulse "$S1" "$FAKE4" 2
kill -HUP "$gate"
expect_log 'reload refused, nothing changed: .*Too many open files'
expect refused from "$S3" to "$FAKE4" within 300
expect_log "src=$S3 .*reason=knock"
end_pulse 300
used=$(awk '{ print $14 + $15 }' "/proc/$gate/stat")
sleep 1
used=$(($(awk '{ print $14 + $15 }' "/proc/$gate/stat") - used))
[ "$used" -lt 30 ] || fail "it spins: $used ticks in a second"

# And it recovers by itself.
prlimit --pid "$gate" --nofile=1024:
# A list of process ids.
# shellcheck disable=SC2086
kill $crowds
ctl 0 reload
expect_counter control_no_files -ge 1
expect_counter votes_no_files -ge 1
expect_counter reload_refused -ge 1
echo "+$S3" | socat -t 2 - "UNIX-CONNECT:$BOX" >"$T/said"
grep -q ok "$T/said" || fail "a voter is told: $(cat "$T/said")"
is_shut_out "$S3"
