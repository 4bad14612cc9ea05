#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: a reload leaves alone the boxes and clients that did not change, and refuses with the line
# needs: socat
#
#   [sender S1 S2 S3]---veth---[gate: FAKE4 REAL4]---voters, watchers
. "$(dirname "$0")/lib.sh"
. "$here/ctl.sh"
. "$here/overload.sh"
topology_pair
rules_raw
A=/run/mxallowd/a B=/run/mxallowd/b C=/run/mxallowd/c
write_conf "vote { listen = \"unix:$A\" }" "vote { listen = \"unix:$B\" }"
run_gate -c "$T/conf"

# One voter that stays connected, and one who watches.
mkfifo "$T/says"
socat -t 30 - "UNIX-CONNECT:$A" <"$T/says" >"$T/hears" &
exec 7>"$T/says"
"$CTL" watch >"$T/watched" 2>&1 &
votes()
{
	echo "$1" >&7
	until_true 5 lines_heard "$2"
}
lines_heard()
{
	[ "$(grep -c '^ok$' "$T/hears")" = "$1" ]
}
votes "black $S3" 1

# B goes, C comes.
write_conf "vote { listen = \"unix:$A\"  mode = 0600 }" "vote { listen = \"fifo:$C\" }"
ctl 0 reload
[ -S "$A" ] && [ ! -e "$B" ] && [ -p "$C" ] || fail "there are: $(ls /run/mxallowd)"
[ "$(stat -c %a "$A")" = 600 ] || fail "the mode did not change"
votes "black $S3" 2
echo "+$S2" >"$C"
expect_log "vote kind=black src=$S2 from=fifo:$C"

# D will not open: C stays, and D's line is named.
write_conf "vote { listen = \"unix:$A\" }" "vote { listen = \"unix:$B\" }" \
	"vote { listen = \"unix:/nowhere/d\" }"
ctl 1 reload
expect_complaint "$T/conf:6: cannot take votes at /nowhere/d: No such file or directory; make its folder"
[ ! -e "$B" ] && [ -p "$C" ] && [ "$(stat -c %a "$A")" = 600 ] ||
	fail "there are: $(ls -l /run/mxallowd)"
votes "black $S3" 3
echo "+$S2" >"$C"
kill -HUP "$gate"
settle
votes "black $S3" 4
until_true 5 grep -q "kind=black src=$S3 .*outcome=" "$T/watched"
has_counter votes_clients -eq 1 || fail "$(counter votes_clients) voters came, one was there"
