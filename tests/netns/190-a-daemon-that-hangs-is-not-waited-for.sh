#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: mxallowctl ends with 69 and says why when the daemon does not answer; it waits for one
#        that is only slow, for an event, and for a reload
# needs: perl
#
#   [sender S1 S2 S3]---veth---[gate: FAKE4 REAL4]
. "$(dirname "$0")/lib.sh"
. "$here/ctl.sh"
. "$here/overload.sh"
topology_pair
rules_raw
write_conf
run_gate -c "$T/conf"

# gives_up ARGS: within a few seconds, and says that nobody answers
gives_up()
{
	began=$(date +%s)
	ctl 69 "$@"
	took=$(($(date +%s) - began))
	[ "$took" -ge 3 ] && [ "$took" -le 16 ] || fail "mxallowctl $*: it took $took s to give up"
	expect_complaint "it is stopped, or it hangs"
}

kill -STOP "$gate"
gives_up status
gives_up watch
gives_up reload
# more than the socket holds
{
	echo "mxallowd-export 1 time=$(date +%s)"
	awk 'BEGIN { for (i = 0; i < 20000; i++) printf "entry src=10.1.%d.%d queue=default via=knock " \
		"used=no opens-ms=0 closes-ms=99999999 connections=0\n", i / 256, i % 256 }'
} >"$T/many"
gives_up import <"$T/many"
# and nobody takes connections
perl -MSocket=:DEFAULT,SOCK_NONBLOCK -e 'for (1 .. 2000) { my $s; socket($s, AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0) or last;
	connect($s, sockaddr_un("/run/mxallowd/control")) or last; push @s, $s }
	print "full\n"; $| = 1; print "\n"; sleep 60' >"$T/crowd" &
crowd=$!
until_true 5 grep -q full "$T/crowd"
gives_up status
kill "$crowd"
kill -CONT "$gate"
expect_counter control_clients -ge 0
ctl 0 status

# Nothing happens for longer than that, and then something does.
"$CTL" watch >"$T/watched" 2>&1 &
watcher=$!
worker=$(thread_of mxallowd-files)
freeze "$worker"
"$CTL" reload >"$T/reloaded" 2>&1 &
reload=$!
sleep 7
thaw
wait "$reload" || fail "the reload: $(cat "$T/reloaded")"
kill -0 "$watcher" || fail "the watcher has left: $(cat "$T/watched")"
expect refused from "$S1" to "$FAKE4"
until_true 3 grep -q "src=$S1 .*reason=knock" "$T/watched"
kill "$watcher"

# Somebody who answers slowly: a row in seven seconds, but others are heard at once.
cat >"$T/slow" <<'END'
use Socket;
socket(L, AF_UNIX, SOCK_STREAM, 0) && bind(L, sockaddr_un($ARGV[0])) && listen(L, 5) or die;
accept(C, L);
if (!fork) { while (accept(D, L)) { syswrite(D, "row\n"); close D } }
for (1 .. 2) { sleep 7; syswrite(C, "entry src=192.0.2.$_ state=open queue=default\n") }
syswrite(C, "end\n");
END
perl "$T/slow" "$T/socket" &
until_true 3 test -S "$T/socket"
ctl 0 --socket "$T/socket" list
[ "$(wc -l <"$T/answer")" = 2 ] || fail "not all rows: $(cat "$T/answer")"
