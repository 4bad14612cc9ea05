#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: who reads pf's log keeps no capability and no raw socket; only the helper stays root
# needs: setpriv
SANDBOX=1
. "$(dirname "$0")/pf.sh"
. "$here/../netns/ctl.sh"
. "$here/../netns/confined.sh"
confined_anyway

nothing_is_kept()
{
	expect_status Uid "901 901 901 901"
	expect_status Gid "901 901 901 901"
	expect_status Groups "(901)? ?"
	for set in CapEff CapPrm CapInh CapAmb; do
		expect_status $set 0000000000000000
	done
	expect_status NoNewPrivs 1
	expect_status Seccomp 2
	for table in raw raw6 packet; do
		[ "$(wc -l <"/proc/net/$table")" = 1 ] ||
			fail "there is a socket: $(cat "/proc/net/$table")"
	done
	ctl 0 status
	expect_answer "user mxallowd, confined full"
}

start_pf -d
expect_log "privileges: keep no capability$"
expect_log "privileges: prove that no capability comes back$"
expect_threads 3
nothing_is_kept
expect_status CapBnd 0000000000000000
helper=$(cat "/proc/$gate/task/$gate/children")
[ "$(stat -c %U "/proc/${helper% }")" = root ] || fail "the helper is not root any more"
knock "$S1"
expect_table "$S1"
ctl 0 reload
knock "$A1"
expect_table "$S1" 2001:db8:a::/64
stop_gate

# Its helper runs pfctl as whom it was started by, which is the operator's care then.
chown mxallowd "$T"/*
printf 'link openbsd\nempty\n' | "$tests/pcap/mkcap" >&9 # a capture begins anew
install -d -o mxallowd -g mxallowd /run/mxallowd /var/lib/mxallowd
: >"$LOG"
setpriv --reuid mxallowd --regid mxallowd --clear-groups --inh-caps=-all --bounding-set=-all \
	"$GATE" -F -s -p "$T/pflog" --pfctl "$T/pfctl" -f "$FAKE4" -r "$REAL4" >>"$LOG" 2>&1 9>&- &
gate=$!
until_true 10 is_ready
nothing_is_kept
log_pf syn "$S2" "$FAKE4"
until_true 5 grep -qx "$S2" "$T/table"
