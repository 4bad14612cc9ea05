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
# expect_held PROBES SECONDS SRC4 SRC6   bots of both families are held so long, their probes
#                          answered, at least so many of them
# conntrack_entries        prints how many the gate has

# each_address() of lib.sh, which the test has read before, sets $tool and $a.
# shellcheck disable=SC2154

unknown_to_queue()
{
	"$tool" -A INPUT -p tcp --dport 25 -d "$a" -m conntrack ! --ctstate ESTABLISHED,RELATED \
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
	rules_raw "${1:-}"
	each_address "${1:-}" unknown_but_syn_to_queue
	notrack "${1:-}"
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
	: >"$T/bot-$name" # what one of that name wrote before
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

expect_held()
{
	bot "four-$3" "$3" "$REAL4" 1 14 "$2"
	bot "six-$4" "$4" "$REAL6" 1 14 "$2"
	expect_bot "four-$3" "^established 1 probes [$1-9] unanswered [01]\$"
	expect_bot "six-$4" "^established 1 probes [$1-9] unanswered [01]\$"
}

conntrack_entries()
{
	cat /proc/sys/net/netfilter/nf_conntrack_count
}
