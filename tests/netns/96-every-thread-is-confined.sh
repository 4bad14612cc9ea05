#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: each thread is another user, holds one capability and makes no call it does not need
# needs: dnsmasq
#
#   [sender S1 S2 S3, A1 A2 B1]---veth---[gate: FAKE4 REAL4, FAKE6 REAL6, DNS on 127.0.0.1]
SANDBOX=1
. "$(dirname "$0")/lib.sh"
. "$here/dns.sh"
. "$here/ctl.sh"
. "$here/confined.sh"
confined_anyway
echo "postmen:x:902:" >>/etc/group
echo "filters:x:903:" >>/etc/group
topology_pair
rules_input
start_dns --host-record="mail.example.org,$S1,$A1"
write_conf "group = postmen" 'vote { listen = "unix:/run/mxallowd/vote"  group = filters }'
run_gate -d -c "$T/conf"

everything_is_given_up()
{
	expect_threads 3 # packets, names, log
	expect_status Uid "901 901 901 901"
	expect_status Gid "902 902 902 902"
	expect_status Groups "901 902 903 ?"
	for set in CapEff CapPrm; do
		expect_status $set 0000000000001000
	done
	for set in CapInh CapBnd CapAmb; do
		expect_status $set 0000000000000000
	done
	expect_status NoNewPrivs 1
	expect_status Seccomp 2
	expect_status Seccomp_filters 2
}

everything_is_given_up
expect silent from "$A1" to "$REAL6"
expect refused from "$S1" to "$FAKE4"
expect_log "^sibling src=$A1 of=$S1 name=mail\.example\.org$"
expect open from "$S1" to "$REAL4"
expect open from "$A1" to "$REAL6"
everything_is_given_up
[ "$(stat -c %U "/proc/$gate/status")" = root ] || fail "others of its user may look into it"

# The thread for names is another one after a reload.
ctl 0 reload
everything_is_given_up
expect refused from "$S2" to "$FAKE4"
expect open from "$S2" to "$REAL4"

ctl 0 status
expect_answer "user mxallowd, confined full"
for step in "empty the bounding set" "leave the groups" "become the user" \
	    "keep CAP_NET_ADMIN only" "take no new privileges" \
	    "prove that no user comes back" "prove that no capability comes back" \
	    "close the files" "prove that files are closed" "filter calls" \
	    "prove that calls are filtered"; do
	expect_log "privileges: $step$"
done
