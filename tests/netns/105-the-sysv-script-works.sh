#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: the script for SysV init starts, reports, reloads and stops the daemon, and no other
#
#   [sender S1 S2 S3, A1 A2 B1]---veth---[gate: FAKE4 REAL4 OTHER4, FAKE6 REAL6 OTHER6]
SANDBOX=1
. "$(dirname "$0")/lib.sh"
confined_anyway
topology_pair
rules_input
mkdir -p "$T/default"
cat >"$T/default/mxallowd" <<EOF
DAEMON=$GATE
CTL=$BUILD/mxallowctl
ARGS="-c $T/conf"
EOF
rm -f /etc/default
ln -s "$T/default" /etc/default
pidfile=/run/mxallowd.pid

script()
{
	want=$1
	shift
	sh "$here/../../contrib/init/mxallowd.sysv" "$@" >"$T/said" 2>&1
	rc=$?
	[ "$rc" = "$want" ] || fail "$*: status $rc, wanted $want: $(cat "$T/said")"
}

write_conf
script 3 status
script 7 reload
script 0 stop
script 0 start
pid=$(cat $pidfile)
expect refused from "$S1" to "$FAKE4"
expect open from "$S1" to "$REAL4"
script 0 start
[ "$(cat $pidfile)" = "$pid" ] || fail "a second start started a second one"
script 0 status
expect_said "running as process $pid"

write_conf "list known { action = allow  entries = \"$S3\" }"
script 0 reload
expect open from "$S3" to "$REAL4"
write_conf "fake-action = nonsense"
script 1 reload
expect_said "conf:4: "
script 6 restart
expect_said "conf:4: "
script 6 try-restart
[ "$(cat $pidfile)" = "$pid" ] || fail "a mistake in the configuration ended it"
expect open from "$S3" to "$REAL4"
write_conf
script 0 restart
[ "$(cat $pidfile)" != "$pid" ] || fail "the old one is still there"
pid=$(cat $pidfile)
expect refused from "$S2" to "$FAKE4"
script 0 stop
! is_running "$pid" || fail "it is still running"
script 3 status
script 0 try-restart
script 3 status

# What does not start says why, in the words of LSB.
write_conf "fake-action = nonsense"
script 6 start
expect_said "conf:4: "

# A pid file that names another program is nobody's.
sleep 100 &
echo $! >$pidfile
script 1 status
script 0 stop
is_running $! || fail "another program was ended"
write_conf
script 0 start
script 0 status
script 0 stop
