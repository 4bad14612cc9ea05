# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
#
# tarpit.sh - firewall rules for a tarpit, and bots that fall into it
#
# tarpit_input [SUFFIX]    packets that belong to no connection the kernel knows go to the
#                          queue, in INPUT; SUFFIX -nft or -legacy picks the tool
# tarpit_raw [SUFFIX]      SYNs in the raw table, and right behind connection tracking what
#                          else belongs to no connection: those who are held
# start_tarpit [TEXT...]   the daemon with `deny = tarpit`, and TEXT lines in its configuration
# bot NAME SRC DST CONNECTIONS BYTES SECONDS   in the background, see probes/bot.c
# expect_bot NAME REGEX    waits for it to write such a line
# flush_rules [SUFFIX]     takes all rules out again
# conntrack_entries        prints how many the gate has

each_address()
{
	for a in $FAKE4 $REAL4 $FAKE6 $REAL6; do
		case $a in
		*:*)	tool=ip6tables$1 ;;
		*)	tool=iptables$1 ;;
		esac
		"$2" || skip "no $tool, or no such match in this kernel"
	done
}

# What we send must not become a connection in the kernel's eyes.
notrack()
{
	for tool in "iptables$1" "ip6tables$1"; do
		"$tool" -t raw -A OUTPUT -p tcp --sport 25 -m mark --mark 0x6d78 \
			-j CT --notrack || skip "no $tool, or no CT target in this kernel"
	done
}

unknown_to_queue()
{
	"$tool" -A INPUT -p tcp --dport 25 -d "$a" -m conntrack ! --ctstate ESTABLISHED,RELATED \
		-j NFQUEUE --queue-num 23 --queue-bypass
}

syn_to_queue()
{
	"$tool" -t raw -A PREROUTING -p tcp --syn --dport 25 -d "$a" \
		-j NFQUEUE --queue-num 23 --queue-bypass
}

unknown_but_syn_to_queue()
{
	"$tool" -t mangle -A PREROUTING -p tcp ! --syn --dport 25 -d "$a" \
		-m conntrack ! --ctstate ESTABLISHED,RELATED \
		-j NFQUEUE --queue-num 23 --queue-bypass
}

tarpit_input()
{
	each_address "${1:-}" unknown_to_queue
	notrack "${1:-}"
}

tarpit_raw()
{
	each_address "${1:-}" syn_to_queue
	each_address "${1:-}" unknown_but_syn_to_queue
	notrack "${1:-}"
}

flush_rules()
{
	for tool in "iptables${1:-}" "ip6tables${1:-}"; do
		for table in filter raw mangle; do
			"$tool" -t $table -F
		done
	done
}

start_tarpit()
{
	write_conf 'queue "default" { deny = tarpit }' "$@"
	run_gate -c "$T/conf"
}

bot()
{
	name=$1
	shift
	in_sender "$PROBES/bot" "$@" >"$T/bot-$name" 2>&1 &
}

expect_bot()
{
	turns=$((${3:-10} * 20))
	until grep -Eq -- "$2" "$T/bot-$1"; do
		turns=$((turns - 1))
		[ "$turns" -gt 0 ] || fail "bot $1: wanted \"$2\", got: $(cat "$T/bot-$1")"
		sleep 0.05
	done
}

conntrack_entries()
{
	cat /proc/sys/net/netfilter/nf_conntrack_count
}
