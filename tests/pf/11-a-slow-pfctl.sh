#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: a pfctl that takes seconds delays no verdict, and the last word counts
. "$(dirname "$0")/pf.sh"

start_pf -b
knock "$S1"
expect_table "$S1"
runs=$(wc -l <"$T/calls")
: >"$T/slow"
knock "$S2"
until_true 5 [ -s "$T/input" ]
n=1 # below the limit of lines a second
while [ "$n" -le 100 ]; do
	echo "0 syn 198.18.0.$n $FAKE4"
	n=$((n + 1))
done >"$T/text"
{ echo "link openbsd"; cat "$T/text"; } | "$tests/pcap/mkcap" | tail -c +25 >&9
log_pf syn "$S3" "$REAL4"
expect_log "src=198.18.0.100 .*reason=knock"
expect_log "src=$S3 .*reason=no-knock"

# What was said of one address meanwhile: in, out, in; and out, in, out.
ctl()
{
	timeout 1 "$BUILD/mxallowctl" "$@" >"$T/said" 2>&1 || fail "mxallowctl $*: $(cat "$T/said")"
}
for word in white forget white forget white; do ctl "$word" "$S3"; done
for word in white forget white forget; do ctl "$word" 198.51.100.9; done
for word in forget white forget; do ctl "$word" "$S1"; done
ctl black 198.18.0.7
table_is_still() { [ "$(cat "$T/table")" = "$S1" ]; }
table_is_still || fail "the slow pfctl was quick: $(cat "$T/table")"
rm "$T/slow"
# shellcheck disable=SC2046 # words they are
expect_table "$S2" "$S3" $(sed 's/^0 syn \([^ ]*\) .*/\1/' "$T/text" | grep -vx 198.18.0.7)
runs=$(($(wc -l <"$T/calls") - runs))
[ "$runs" -le 4 ] || fail "$runs runs of pfctl, not 4"

# The table is what the daemon would let in.
"$BUILD/mxallowctl" list open | cut -d ' ' -f 1 >"$T/open"
LC_ALL=C sort "$T/open" >"$T/open.sorted"
LC_ALL=C sort "$T/table" >"$T/table.sorted"
cmp -s "$T/open.sorted" "$T/table.sorted" ||
	fail "list and table differ: $(diff "$T/open.sorted" "$T/table.sorted" | head)"

# Every second run fails.
cat >"$T/every-other" <<'END'
n=$(cat turn 2>/dev/null || echo 0)
echo $((n + 1)) >turn
[ $((n % 2)) = 0 ] && { echo "pfctl: Device busy" >&2; exit 3; }
END
sed -i 's/^cat >input$/. .\/every-other; cat >input/' "$T/pfctl"
knock 198.18.1.1
expect_log 'not as it should be: .*status 3; it said: pfctl:.x20Device'
ctl forget "$S2"
wanted=$(grep -vx "$S2" "$T/table.sorted"; echo 198.18.1.1)
# shellcheck disable=SC2086
expect_table $wanted
expect_log 'table mx-white is as it should be again'
