#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: who knocked just before a reload gets his siblings, from the DNS that resolv.conf now names
# needs: dnsmasq socat
#
#   [sender S1 S2 S3]---veth---[gate: FAKE4 REAL4, DNS on 127.0.0.1, a dead one on 127.0.0.9]
. "$(dirname "$0")/lib.sh"
. "$here/ctl.sh"
. "$here/dns.sh"
. "$here/overload.sh"
topology_pair
rules_raw
socat -u UDP4-RECV:53,bind=127.0.0.9 "CREATE:$T/unanswered" &
until_true 5 grep -q ' 0900007F:0035 ' /proc/net/udp
echo "nameserver 127.0.0.9" >/etc/resolv.conf
start_dns --host-record="mail.example.org,$S1" --host-record="mail.example.org,$S2"
write_conf
run_gate -c "$T/conf"
expect refused from "$S1" to "$FAKE4"
until_true 5 test -s "$T/unanswered"
echo "nameserver 127.0.0.1" >/etc/resolv.conf
ctl 0 reload
expect_log "^sibling src=$S2 of=$S1 name=mail.example.org"
expect open from "$S2" to "$REAL4"
expect_counter resolver_failed -eq 0
expect_counter resolver_asked -eq 1
