#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# run.sh - the table of the DSN 2016 paper, from replays under the shipped configurations
#
# `senders` sends, table.awk makes the table; it must be the one in `table` and in the README, and
# must say what follows from the paper by hand. GOLDEN=1 writes `table` anew.
set -u
cd "$(dirname "$0")/../.." || exit 1
daemon=$(cd "${BUILD:-build}" && pwd)/mxallowd
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
failed=0

fail()
{
	echo "$*"
	failed=1
}

# column LETTER CONFIG [OPTION...]
column()
{
	letter=$1 config=etc/examples/$2
	shift 2
	tests/paper/senders tests/paper/dsn16.tsv "$daemon" "$config" "$@" >"$work/one" ||
		fail "$config $*: no result"
	sed "s/^/$letter	/" "$work/one" >>"$work/all"
}

: >"$work/all"
column A mxallowd-1.x.conf --observe
column B mxallowd-1.x.conf
column C penalty-box.conf
column D order-check-with-wait.conf
column E ipfauth.conf
awk -f tests/paper/table.awk "$work/all" >"$work/table" || fail "no table"
[ "${GOLDEN:-}" != 1 ] || cp "$work/table" tests/paper/table
diff tests/paper/table "$work/table" || fail "the table is not the one in tests/paper/table"
sed -e 's/^./  &/' "$work/table" >"$work/shown"
awk 'NR == FNR { want[++n] = $0; next }
	$0 == want[at + 1] { at++; next }
	at < n { at = $0 == want[1] }
	END { exit at < n }' "$work/shown" README || fail "README shows another table"

# The sums of its table 1: who tries the first MX only, who the last one only, who never again.
grep -qx 'botnet spam refused, % *36\.33 *83\.23 *83\.23 *93\.02 *56\.69' "$work/table" ||
	fail "not the shares that follow from the paper"
awk -F '\t' '$2 == "mail" && $4 == 1 {
		seen++
		if ($6 == "lost") { print $1 ": the mail of " $3 " is lost"; bad = 1 }
	}
	$2 == "stream" {
		seen++
		if ($7 > 0) { print $1 ": " $7 " messages of " $3 " are lost"; bad = 1 }
	}
	END { exit bad || seen != 5 * 12 }' "$work/all" ||
	fail "mail from one address is lost, or was not sent"
cat "$work/table"
exit "$failed"
