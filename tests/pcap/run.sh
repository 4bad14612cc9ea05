#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# run.sh - replays every capture here and compares all that it says
#
# NAME.txt tells the packets, NAME.pcap is the capture mkcap makes of it, NAME.want what its
# replay prints. Each capture is replayed from the file twice and once more from standard
# input. GOLDEN=1 writes captures and .want files anew: look at the difference.
set -u
cd "$(dirname "$0")" || exit 1
daemon=$(cd ../.. && cd "${BUILD:-build}" && pwd)/mxallowd
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
failed=0 seen=0

fail()
{
	echo "$*"
	failed=1
}

# told NAME WORD DEFAULT: what the line "# WORD ..." of NAME.txt says.
told()
{
	line=$(sed -n "s/^# $2 //p" "$1.txt")
	echo "${line:-$3}"
}

# replayed NAME FILE: standard output, errors and status, one behind the other.
replayed()
{
	args=$(told "$1" args "")
	case " $args " in
	*" -c "*) ;;
	*)	args="$args -c mx.conf" ;;
	esac
	# shellcheck disable=SC2086 # a list of words
	timeout 20 "$daemon" --replay "$2" $args 2>"$work/err"
	echo "status $?" >>"$work/err"
	# What libpcap says is its own affair, and differs between its releases.
	sed -E -e "s/standard input:/$1.pcap:/" \
		-e 's/^(mxallowd: [^:]*:( packet [0-9]+:)? (truncated|invalid|unknown|pcapng|an interface)).*/\1 .../' \
		"$work/err"
}

same()
{
	diff "$2" "$3" >"$work/diff" && return
	cat "$work/diff"
	fail "$1"
}

for text in *.txt; do
	name=${text%.txt}
	seen=$((seen + 1))
	./mkcap <"$text" >"$work/made" || fail "$text: mkcap refuses it"
	replayed "$name" "$name.pcap" >"$work/first"
	if [ "${GOLDEN:-}" = 1 ]; then
		cp "$work/made" "$name.pcap"
		replayed "$name" "$name.pcap" >"$work/first"
		cp "$work/first" "$name.want"
	fi
	cmp "$work/made" "$name.pcap" || fail "$name.pcap is not what $text tells"
	grep -qx "status $(told "$name" status 0)" "$work/first" ||
		fail "$name: ends with $(tail -n 1 "$work/first")"
	same "$name: not as in $name.want" "$name.want" "$work/first"
	replayed "$name" "$name.pcap" >"$work/again"
	same "$name: the second replay differs" "$work/first" "$work/again"
	replayed "$name" - <"$name.pcap" >"$work/again"
	same "$name: from standard input it differs" "$work/first" "$work/again"
done
for file in *.pcap *.want; do
	[ -e "${file%.*}.txt" ] || fail "$file: there is no ${file%.*}.txt"
done

# Every kind of link tells the same story.
for name in link-*.txt; do
	case $name in
	link-ipv?.txt) continue ;;
	esac
	grep '^t=' "${name%.txt}.want" >"$work/story"
	grep '^t=' link-ethernet.want | diff - "$work/story" || fail "$name: another story"
done
for name in pcap-big-us pcap-little-ns pcap-big-ns; do
	same "$name: another story" pcap-little-us.want $name.want
done

sed '/^status /d' report-json.want |
	perl -MJSON::PP -0777 -ne 'die "no report\n" if decode_json($_)->[0]{good} != 2' ||
	fail "report-json.want is no JSON"
grep -c '^hurt ' report-two-good-senders.want | grep -qx 2 || fail "not two good senders"

replayed no-packets no-such.pcap | tail -n 2 >"$work/absent"
printf '%s\n' "mxallowd: no-such.pcap: No such file or directory" "status 66" |
	diff - "$work/absent" || fail "a file that is not there"

"$daemon" --replay order-check.pcap -c mx.conf >/dev/full 2>"$work/err"
[ $? = 74 ] && grep -q 'cannot write' "$work/err" || fail "a full disk is not told"

# More SYNs at once than repetitions are remembered of: which ones are depends on the order
# of the table, and that is the same in every replay.
{
	echo "pcap little us"
	echo "0.000 syn 198.18.0.0:50000/1 192.0.2.4 crowd 9000"
	echo "1.000 syn 198.18.0.0:50000/1 192.0.2.4 crowd 9000"
} | ./mkcap >"$work/crowd.pcap"
replayed no-packets "$work/crowd.pcap" >"$work/first"
replayed no-packets "$work/crowd.pcap" >"$work/again"
cmp "$work/first" "$work/again" || fail "a crowd: the second replay differs"
lines=$(grep -c '^t=' "$work/first")
{ [ "$lines" -gt 9000 ] && [ "$lines" -lt 18000 ]; } || fail "a crowd: $lines lines"

# The numbers of a report, counted once more from the lines of the log.
for seed in 1 2; do
	./chance $seed 2000 | ./mkcap >"$work/chance.pcap"
	"$daemon" --replay "$work/chance.pcap" -c report.conf --report \
		>"$work/first"
	./recount 192.0.2.3 2001:db8::3 <"$work/first" >"$work/recounted" ||
		fail "chance $seed 2000: $(cat "$work/recounted")"
done

[ "$seen" -ge 50 ] || fail "only $seen captures"
echo "$seen captures"
exit "$failed"
