#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: started as its user with two ambient capabilities it works, and keeps one of them
# needs: setpriv
#
#   [sender S1 S2 S3, A1 A2 B1]---veth---[gate: FAKE4 REAL4 OTHER4, FAKE6 REAL6 OTHER6]
SANDBOX=1
. "$(dirname "$0")/lib.sh"
. "$here/ctl.sh"
. "$here/confined.sh"
confined_anyway
topology_pair
rules_input

# As a service manager does it; for a shell of its own.
as_user()
{
	caps=$1
	shift
	exec setpriv --reuid mxallowd --regid mxallowd --clear-groups --inh-caps="-all,$caps" \
		--ambient-caps="-all,$caps" --bounding-set="-all,$caps" --no-new-privs "$@"
}

install -d -o mxallowd -g mxallowd /run/mxallowd /var/lib/mxallowd
: >"$LOG"
as_user +net_admin,+net_raw "$GATE" -F -s -d -n 23 -f "$FAKE4" -r "$REAL4" >>"$LOG" 2>&1 &
gate=$!
until_true 10 is_ready
expect refused from "$S1" to "$FAKE4"
expect open from "$S1" to "$REAL4"
expect_threads 3
expect_status Uid "901 901 901 901"
expect_status CapEff 0000000000001000
expect_status CapPrm 0000000000001000
expect_status CapAmb 0000000000000000
expect_status Seccomp 2
ctl 0 status
expect_answer "user mxallowd, confined full"
(exec setpriv --reuid nobody --regid nogroup --clear-groups "$CTL" status) 2>"$T/complaints"
[ $? = 69 ] || fail "anybody is answered"
expect_complaint "control: Permission denied; only root may"
# To shrink the bounding set takes a capability that it was not given.
expect_log "the bounding set stays"
refute_log "running as root|not given"
stop_gate
[ ! -e /run/mxallowd/control ] || fail "the control socket was left behind"

refused()
{
	caps=$1 why=$2
	shift 2
	(as_user "$caps" "$GATE" -F -s -n 23 -f "$FAKE4" -r "$REAL4" "$@") >"$T/said" 2>&1
	rc=$?
	[ "$rc" = 77 ] || fail "$caps $*: status $rc, it said: $(cat "$T/said")"
	expect_said "^mxallowd: .*$why"
}

# A group of which it is no member cannot be given a box.
write_conf 'vote { listen = "unix:/run/mxallowd/vote"  group = mail }'
(as_user +net_admin,+net_raw "$GATE" -F -s -c "$T/conf") >"$T/said" 2>&1
rc=$?
[ "$rc" = 69 ] || fail "a strange group: status $rc, it said: $(cat "$T/said")"
expect_said "cannot take votes at /run/mxallowd/vote: .*for a group that mxallowd is not in"

# The same for the control socket, without which it runs.
: >"$LOG"
as_user +net_admin,+net_raw "$GATE" -F -s -n 23 -f "$FAKE4" -r "$REAL4" --group mail \
	>>"$LOG" 2>&1 &
gate=$!
until_true 10 is_ready
expect_log "no control socket: /run/mxallowd/control: .*for a group that mxallowd is not in"
stop_gate

refused +net_raw CAP_NET_ADMIN
refused +net_admin CAP_NET_RAW
refused +net_admin,+net_raw "user = nobody: started as user 901, who cannot become another" \
	--user nobody
