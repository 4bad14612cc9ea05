#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: once confined it reads changed lists and resolv.conf, and makes vote boxes anew
# needs: dnsmasq socat
#
#   [sender S1 S2 S3, A1 A2 B1]---veth---[gate: FAKE4 REAL4, FAKE6 REAL6, DNS on 127.0.0.1]
SANDBOX=1
. "$(dirname "$0")/lib.sh"
. "$here/dns.sh"
. "$here/ctl.sh"
. "$here/confined.sh"
confined_anyway
echo "filters:x:903:" >>/etc/group
topology_pair
rules_input
mkdir "$T/lists"
write_both()
{
	write_conf "list known { action = allow  file = \"$T/lists/known\" }" \
		"vote { listen = \"unix:/run/mxallowd/vote\"  group = filters  mode = $1 }" \
		"vote { listen = \"fifo:/run/mxallowd/recent\"  group = filters  mode = $1 }"
}
echo "$S2" >"$T/lists/known"
echo "nameserver 127.0.0.2" >/etc/resolv.conf
start_dns --host-record="mail.example.org,$S1,$A1"
write_both 0660
run_gate -c "$T/conf"
expect open from "$S2" to "$REAL4"
expect silent from "$S3" to "$REAL4"

# As editors do it: another file takes the name.
echo "$S3" >"$T/lists/new"
mv "$T/lists/new" "$T/lists/known"
echo "nameserver 127.0.0.1" >/etc/resolv.conf.new
mv /etc/resolv.conf.new /etc/resolv.conf
write_both 0620
ctl 0 reload
expect open from "$S3" to "$REAL4"
expect silent from "$S2" to "$REAL4"
expect refused from "$S1" to "$FAKE4"
expect_log "^sibling src=$A1 of=$S1 name=mail\.example\.org$"

for box in vote recent; do
	[ "$(owner_of /run/mxallowd/$box)" = mxallowd:filters ] ||
		fail "$box belongs to $(owner_of /run/mxallowd/$box)"
	[ "$(stat -c %a /run/mxallowd/$box)" = 620 ] || fail "the mode of $box did not change"
done
[ "$(echo "black $S1" | socat -t 2 - UNIX-CONNECT:/run/mxallowd/vote)" = ok ] ||
	fail "the new box takes no votes"
echo "+$A1" >/run/mxallowd/recent
expect_log "^vote kind=black src=$A1 "
expect silent from "$S1" to "$REAL4"
expect silent from "$A1" to "$REAL6"

stop_gate
[ -z "$(ls -A /run/mxallowd)" ] || fail "left behind: $(ls -A /run/mxallowd)"
run_gate -c "$T/conf"
expect open from "$S3" to "$REAL4"
