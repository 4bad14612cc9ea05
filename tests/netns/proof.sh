# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
#
# proof.sh - firewall rules for the proof of addresses; sourced behind lib.sh and ctl.sh
#
# start_proof [TEXT...]    the daemon with `proof = cookie`, and TEXT lines in its configuration
# proof_raw [SUFFIX]       SYNs, and RSTs to the fake addresses, in the raw table; SUFFIX -nft or
#                          -legacy picks the tool
# proof_input [SUFFIX]     the same in INPUT
# expect_late SRC DST      refused, but a second later: the first SYN was dropped
# expect_known ADDR REGEX  what `mxallowctl why` says of an address, as JSON

# each_address() of lib.sh, which the test has read before, sets $tool and $a.
# shellcheck disable=SC2154

start_proof()
{
	write_conf 'proof = cookie' "$@"
	run_gate -c "$T/conf"
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
	each_address "${1:-}" rst_in_raw "$FAKE4 $FAKE6"
	notrack "${1:-}"
}

proof_input()
{
	rules_input "${1:-}"
	each_address "${1:-}" rst_in_input "$FAKE4 $FAKE6"
	notrack "${1:-}"
}

expect_late()
{
	began=$(date +%s%N)
	expect refused from "$1" to "$2" within 1500
	[ $((($(date +%s%N) - began) / 1000000)) -ge 900 ] ||
		fail "refused at once: nothing was dropped"
}

expect_known()
{
	timeout -k 1 20 "$CTL" why "$1" --json >"$T/answer" 2>"$T/complaints"
	grep -Eq -- "$2" "$T/answer" || fail "why $1: wanted \"$2\", got: $(cat "$T/answer")"
}
