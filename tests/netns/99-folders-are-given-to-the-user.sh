#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: run and state folder become the user's, also after runs as root and after kill -9
#
#   [sender S1 S2 S3, A1 A2 B1]---veth---[gate: FAKE4 REAL4 OTHER4, FAKE6 REAL6 OTHER6]
SANDBOX=1
. "$(dirname "$0")/lib.sh"
. "$here/ctl.sh"
. "$here/confined.sh"
confined_anyway
topology_pair
rules_input
write_conf 'vote { listen = "fifo:/run/mxallowd/recent" }'

belongs_to()
{
	owner=$1
	shift
	for path; do
		[ "$(owner_of "$path")" = "$owner" ] || fail "$path belongs to $(owner_of "$path")"
	done
}

# As root, and killed: all it leaves is root's.
run_gate --user root -c "$T/conf"
belongs_to root:root /run/mxallowd /run/mxallowd/control /run/mxallowd/recent /var/lib/mxallowd
kill_gate
[ -e /var/lib/mxallowd/state.db-wal ] || : >/var/lib/mxallowd/state.db-wal

all_is_the_users()
{
	belongs_to mxallowd:mxallowd /run/mxallowd /var/lib/mxallowd /var/lib/mxallowd/*
	for socket in control recent; do
		[ "$(stat -c %U /run/mxallowd/$socket)" = mxallowd ] || fail "$socket is not the user's"
	done
	[ "$(stat -c %a /var/lib/mxallowd)" = 700 ] || fail "everybody may read the state"
	refute_log "not given to user"
	expect refused from "$S1" to "$FAKE4"
	expect open from "$S1" to "$REAL4"
	ctl 0 status
}

run_gate -c "$T/conf"
all_is_the_users
kill_gate
run_gate -c "$T/conf"
all_is_the_users
stop_gate
[ ! -e /run/mxallowd/control ] || fail "the control socket was left behind"
run_gate -c "$T/conf"
all_is_the_users
stop_gate

# What holds something else is not given away.
mkdir /run/shared
: >/run/shared/secret
run_gate --run-dir /run/shared --state-dir none -c "$T/conf"
expect_log "/run/shared is not given to user mxallowd: it is somebody else's or holds what is not ours"
belongs_to root:root /run/shared /run/shared/secret
expect open from "$S2" to "$OTHER4"
