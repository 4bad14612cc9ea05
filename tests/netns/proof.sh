# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
#
# proof.sh - firewall rules for the proof of addresses; sourced behind lib.sh and ctl.sh
#
# start_proof [TEXT...]    the daemon with `proof = cookie`, and TEXT lines in its configuration
# proof_raw [SUFFIX]       SYNs, and RSTs to the fake addresses, in the raw table; SUFFIX -nft or
#                          -legacy picks the tool
# proof_input [SUFFIX]     the same in INPUT
# flush_rules [SUFFIX]     takes all rules out again
# expect_known ADDR REGEX  what `mxallowctl why` says of an address, as JSON
# forged COUNT FIRST DST   so many knocks from as many networks, whose senders do not answer

start_proof()
{
	write_conf 'proof = cookie' "$@"
	run_gate -c "$T/conf"
}

each_address()
{
	for a in $2; do
		case $a in
		*:*)	tool=ip6tables$1 ;;
		*)	tool=iptables$1 ;;
		esac
		"$3" || skip "no $tool, or no such match in this kernel"
	done
	for tool in "iptables$1" "ip6tables$1"; do
		"$tool" -t raw -C OUTPUT -p tcp --sport 25 -m mark --mark 0x6d78 \
			-j CT --notrack 2>/dev/null ||
			"$tool" -t raw -A OUTPUT -p tcp --sport 25 -m mark --mark 0x6d78 \
				-j CT --notrack || skip "no $tool, or no CT target"
	done
}

rst_in_raw()
{
	"$tool" -t raw -A PREROUTING -p tcp --tcp-flags SYN,RST RST --dport 25 -d "$a" \
		-j NFQUEUE --queue-num 23 --queue-bypass
}

rst_in_input()
{
	"$tool" -A INPUT -p tcp --tcp-flags SYN,RST RST --dport 25 -d "$a" \
		-j NFQUEUE --queue-num 23 --queue-bypass
}

proof_raw()
{
	rules_raw "${1:-}"
	each_address "${1:-}" "$FAKE4 $FAKE6" rst_in_raw
}

proof_input()
{
	rules_input "${1:-}"
	each_address "${1:-}" "$FAKE4 $FAKE6" rst_in_input
}

flush_rules()
{
	for tool in "iptables${1:-}" "ip6tables${1:-}"; do
		for table in filter raw mangle; do
			"$tool" -t $table -F
		done
	done
}

expect_known()
{
	timeout -k 1 20 "$CTL" why "$1" --json >"$T/answer" 2>"$T/complaints"
	grep -Eq -- "$2" "$T/answer" || fail "why $1: wanted \"$2\", got: $(cat "$T/answer")"
}
