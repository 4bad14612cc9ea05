# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
#
# overload.sh - a daemon in trouble, and what it says of it; sourced behind lib.sh and ctl.sh
#
# counter NAME             prints its value, as `mxallowctl stats` tells it
# has_counter NAME TEST    [ VALUE TEST ], such as: has_counter queue_full -ge 1
# expect_counter NAME TEST the same, within five seconds
# begin_pulse SRC DST SECONDS      connection attempts one after another, beside the test
# end_pulse MS             waits for them: all were answered, the slowest within MS
# big_list N               writes $T/big: N networks
# thread_of NAME           the id of the daemon's thread of that name
# freeze TID, thaw         hold that thread still, as a disk that hangs would
# is_sanitized             the address sanitizer reserves all memory there is

# lib.sh and ctl.sh, which the test has read before, set what is used here.
# shellcheck disable=SC2154

counter()
{
	timeout -k 1 20 "$CTL" stats --prometheus >"$T/stats" 2>/dev/null || return 1
	sed -n "s/^mxallowd_$1\(_total\)\{0,1\} //p" "$T/stats"
}

has_counter()
{
	value=$(counter "$1") || return 1
	[ -n "$value" ] && test "$value" "$2" "$3"
}

expect_counter()
{
	until_true 5 has_counter "$@"
}

begin_pulse()
{
	in_sender "$PROBES/pulse" "$@" >"$T/pulse" &
	pulse=$!
}

end_pulse()
{
	wait "$pulse"
	read -r _ attempts _ failures _ worst <"$T/pulse" || fail "no pulse"
	[ "$failures" = 0 ] && [ "$attempts" -ge 10 ] && [ "$worst" -le "$1" ] ||
		fail "wanted all within $1 ms: $(cat "$T/pulse")"
}

big_list()
{
	awk -v n="$1" 'BEGIN { for (i = 0; i < n; i++)
		printf "%d.%d.%d.%d/%d\n", 11 + i % 80, i / 80 % 256, i / 20480 % 256,
			(i % 2) * 128, i % 2 ? 25 : 32 }' >"$T/big"
}

thread_of()
{
	for task in /proc/"$gate"/task/*; do
		[ "$(cat "$task/comm" 2>/dev/null)" = "$1" ] && echo "${task##*/}"
	done
}

freeze()
{
	"$PROBES/freeze" "$1" >"$T/frozen" 2>&1 &
	freezer=$!
	until_true 5 grep -q frozen "$T/frozen"
}

thaw()
{
	kill "$freezer"
	wait "$freezer" 2>/dev/null
}

is_sanitized()
{
	[ "$(awk '/^VmSize:/ { print $2 }' "/proc/$gate/status")" -gt 1000000000 ]
}
