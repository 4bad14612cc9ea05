# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
#
# ctl.sh - ask the daemon as its operator does
#
# ctl STATUS ARGS          runs mxallowctl; it must end with STATUS. Its output is in $T/answer, its
#                          complaints in $T/complaints
# expect_answer REGEX, refute_answer REGEX, expect_complaint REGEX
# rules_as_printed [MORE]  runs every command that `rules` prints, so that what is tested is what an
#                          operator would paste; MORE is a sed script over its lines

CTL=$BUILD/mxallowctl

ctl()
{
	want=$1
	shift
	timeout -k 1 20 "$CTL" "$@" >"$T/answer" 2>"$T/complaints"
	rc=$?
	[ "$rc" = "$want" ] ||
		fail "mxallowctl $*: status $rc, wanted $want: $(cat "$T/answer" "$T/complaints")"
}

expect_answer()
{
	grep -Eq -- "$1" "$T/answer" || fail "wanted \"$1\", the answer was: $(cat "$T/answer")"
}

refute_answer()
{
	! grep -Eq -- "$1" "$T/answer" || fail "did not want \"$1\": $(cat "$T/answer")"
}

expect_complaint()
{
	grep -Eq -- "$1" "$T/complaints" ||
		fail "wanted \"$1\", the complaint was: $(cat "$T/complaints")"
}

rules_as_printed()
{
	ctl 0 rules
	sed -e "${1:-}" -e '/^ip6\{0,1\}tables /!d' "$T/answer" >"$T/rules"
	[ -s "$T/rules" ] || fail "no commands in: $(cat "$T/answer")"
	while read -r line; do
		# A list of words.
		# shellcheck disable=SC2086
		$line || fail "the kernel refuses: $line"
	done <"$T/rules"
}
