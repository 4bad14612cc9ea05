#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: without memory a reload, a listing, a client fail and are counted; nothing ends
# needs: perl prlimit
#
#   [sender S1 S2 S3]---veth---[gate: FAKE4 REAL4]---clients in crowds
. "$(dirname "$0")/lib.sh"
. "$here/ctl.sh"
. "$here/overload.sh"
topology_pair
rules_raw
big_list 2000000
write_conf "entries-max = 10000" "vote { listen = \"unix:/run/mxallowd/vote\" }"
run_gate -c "$T/conf"
# The address sanitizer takes all addresses there are: no limit can be set on them.
is_sanitized && exit 0
ctl 0 status

limit()
{
	kib=$(awk '/^VmSize:/ { print $2 }' "/proc/$gate/status")
	prlimit --pid "$gate" --as=$(((kib + $1) * 1024)):
}
limit 16384
write_conf "entries-max = 10000" "list big { action = deny  file = \"$T/big\" }"
begin_pulse "$S1" "$FAKE4" 4
ctl 1 reload
expect_complaint "big:[0-9]*: out of memory; nothing changed"
expect refused from "$S2" to "$FAKE4" within 300

limit 0
perl -MSocket -e '$| = 1; $SIG{PIPE} = "IGNORE";
	for (1..74) { socket($s[$_], AF_UNIX, SOCK_STREAM, 0) &&
	connect($s[$_], sockaddr_un("/run/mxallowd/" . ($_ > 60 ? "control" : "vote"))) or die;
	syswrite($s[$_], "rules\n") } print "there\n"; sleep 100' >"$T/crowd" &
crowd=$!
until_true 5 grep -q there "$T/crowd"
for _ in 1 2 3; do
	kill -HUP "$gate"
	sleep 0.3
done
expect_log 'reload refused, nothing changed: .*(out of memory|no memory)'
expect refused from "$S3" to "$FAKE4" within 300
expect open from "$S3" to "$REAL4" within 300
end_pulse 300

prlimit --pid "$gate" --as=unlimited:
kill "$crowd"
ctl 0 status
expect_counter reload_refused -ge 2
no_memory()
{
	[ "$(($(counter control_no_memory) + $(counter votes_no_memory)))" -ge 1 ]
}
until_true 5 no_memory
ctl 0 reload
echo "$S2" >>"$T/big"
ctl 0 reload
expect silent from "$S2" to "$REAL4"
expect_log "src=$S2 .*reason=listed-deny"
