#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# iptables.sh - hand new SMTP connections to mxallowd, IPv4 and IPv6
#
#	iptables.sh raw       before connection tracking: a dropped SYN costs least
#	iptables.sh input     behind it, in INPUT: where rules of your own look first
#	iptables.sh remove    take the rules of either form out again
#
# Either form replaces the other. Change the values below first. What comes from TRUSTED
# never passes through mxallowd: hosts of your own that connect to the real MX without
# looking at the MX records (relays, monitoring, web applications) belong there.
# `mxallowctl rules` prints shorter rules made from the running configuration.

QUEUE=23
MX4="192.0.2.3 192.0.2.4"          # every fake and every real IPv4 address
MX6="2001:db8::3 2001:db8::4"      # the same for IPv6
TRUSTED4=""                        # for example "198.51.100.0/24"
TRUSTED6=""

TARPIT=no                          # yes when mxallowd.conf says `tarpit` anywhere
PROOF=no                           # yes when mxallowd.conf says `proof = cookie`
FAKE4="192.0.2.3"                  # for PROOF: every fake IPv4 address
FAKE6="2001:db8::3"                # the same for IPv6

MARK=0x6d78                        # as `mark` in mxallowd.conf; on every packet it sends

remove_family()
{
	ipt="$1 -w"

	$ipt -t raw -D PREROUTING ! -i lo -p tcp --syn --dport 25 -j MXALLOWD
	for addr in $MX4; do
		$ipt -t raw -D PREROUTING -p tcp -d "$addr" -m u32 --u32 "4&0x1fff=1:2" -j DROP
		$ipt -t raw -D PREROUTING -p tcp -d "$addr" -f -j DROP
	done
	$ipt -t mangle -D PREROUTING ! -i lo -p tcp ! --syn --dport 25 \
		-m conntrack ! --ctstate ESTABLISHED,RELATED -j MXALLOWD
	$ipt -t mangle -F MXALLOWD
	$ipt -t mangle -X MXALLOWD
	$ipt -t raw -D OUTPUT -p tcp --sport 25 -m mark --mark $MARK -j CT --notrack
	for addr in $FAKE4 $FAKE6; do
		$ipt -t raw -D PREROUTING ! -i lo -p tcp --tcp-flags SYN,RST RST --dport 25 \
			-d "$addr" -j NFQUEUE --queue-num $QUEUE --queue-bypass
	done
	$ipt -t raw -F MXALLOWD
	$ipt -t raw -X MXALLOWD
	$ipt -D INPUT ! -i lo -p tcp --syn --dport 25 \
		-m conntrack --ctstate NEW -j MXALLOWD
	$ipt -F MXALLOWD
	$ipt -X MXALLOWD
	$ipt -D OUTPUT -p tcp --sport 25 -m mark --mark $MARK -j ACCEPT
} 2>/dev/null

# The chain: trusted sources leave it, connections to an MX address go to the queue.
# --queue-bypass lets everything in while mxallowd is not running.
fill_chain()
{
	ipt="$1 -w -t $2"

	$ipt -N MXALLOWD
	for net in $3; do
		$ipt -A MXALLOWD -s "$net" -j RETURN
	done
	for addr in $4; do
		$ipt -A MXALLOWD -p tcp -d "$addr" \
			-j NFQUEUE --queue-num $QUEUE --queue-bypass
	done
}

# The refusals mxallowd sends belong to no tracked connection: a rule in OUTPUT that
# drops INVALID would eat them.
let_answers_out()
{
	"$1" -w -I OUTPUT -p tcp --sport 25 -m mark --mark $MARK -j ACCEPT
}

# A tarpit needs the later packets of the connections it holds, which connection tracking
# does not know, and must not know: it would take our answers for a connection of its own.
hold_connections()
{
	fill_chain "$1" mangle "$2" "$3"
	"$1" -w -t mangle -A PREROUTING ! -i lo -p tcp ! --syn --dport 25 \
		-m conntrack ! --ctstate ESTABLISHED,RELATED -j MXALLOWD
	"$1" -w -t raw -A OUTPUT -p tcp --sport 25 -m mark --mark $MARK -j CT --notrack
}

# The answers to challenges (proof = cookie) are RSTs to the fake addresses. Where a tarpit's
# rules are there, these bring them.
prove_addresses()
{
	for addr in $2; do
		"$1" -w -t raw -A PREROUTING ! -i lo -p tcp --tcp-flags SYN,RST RST --dport 25 \
			-d "$addr" -j NFQUEUE --queue-num $QUEUE --queue-bypass
	done
	"$1" -w -t raw -A OUTPUT -p tcp --sport 25 -m mark --mark $MARK -j CT --notrack
}

# A SYN cut before its flags is no SYN to the rule, and without connection tracking nobody
# puts the pieces together before it. So the second piece of such a cut (at byte 8 or 16; no
# honest host makes one) is dropped: the kernel never gets the whole. IPv6 forbids such cuts.
drop_tiny_fragments()
{
	for addr in $MX4; do
		iptables -w -t raw -A PREROUTING -p tcp -d "$addr" \
			-m u32 --u32 "4&0x1fff=1:2" -j DROP 2>/dev/null ||
			iptables -w -t raw -A PREROUTING -p tcp -d "$addr" -f -j DROP
	done
}

add_raw()
{
	[ "$1" = iptables ] && drop_tiny_fragments
	fill_chain "$1" raw "$2" "$3"
	"$1" -w -t raw -A PREROUTING ! -i lo -p tcp --syn --dport 25 -j MXALLOWD
	let_answers_out "$1"
}

# At the top of INPUT, before whatever accepts port 25 today. mxallowd's "accept" is the last
# word in this table: limits of your own for port 25 must stand before this rule.
add_input()
{
	fill_chain "$1" filter "$2" "$3"
	"$1" -w -I INPUT ! -i lo -p tcp --syn --dport 25 \
		-m conntrack --ctstate NEW -j MXALLOWD
	let_answers_out "$1"
}

case $1 in
raw|input|remove)
	remove_family iptables
	remove_family ip6tables
	;;
*)
	echo "usage: $0 raw|input|remove" >&2
	exit 64
	;;
esac
[ "$1" = remove ] && exit 0

set -e
"add_$1" iptables "$TRUSTED4" "$MX4"
"add_$1" ip6tables "$TRUSTED6" "$MX6"
if [ "$TARPIT" = yes ]; then
	hold_connections iptables "$TRUSTED4" "$MX4"
	hold_connections ip6tables "$TRUSTED6" "$MX6"
elif [ "$PROOF" = yes ]; then
	prove_addresses iptables "$FAKE4"
	prove_addresses ip6tables "$FAKE6"
fi
