# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
#
# votes.sh - a gate that takes votes, and ways to cast them; needs socat
#
# start_gate_for_votes [TEXT...]  the daemon with a unix socket $BOX, a FIFO $PIPE and TCP port
#                          7925 on ::1 and 127.0.0.1 with the key in $T/key; TEXT are more
#                          lines of configuration
# has_votes WORD=REGEX... the daemon's own count: good bad forged over clients refused
# expect_votes WORD=REGEX...  the same, within two seconds
# gets_in SRC, is_shut_out SRC  knock, and be let in; or be dropped all the same

# lib.sh, which the test has read before, sets $here.
# shellcheck disable=SC2154
VOTERS=$here/../../contrib/voters
BOX=/run/mxallowd/vote PIPE=/run/mxallowd/recent

start_gate_for_votes()
{
	printf 'a key of more than sixteen bytes\n' >"$T/key"
	chmod 640 "$T/key"
	[ "$SANDBOX" = 0 ] || chgrp mxallowd "$T/key"
	mkdir -p /run/mxallowd
	write_conf "vote { listen = \"unix:$BOX\" }" \
		"vote { listen = \"fifo:$PIPE\" }" \
		"vote { listen = \"tcp:[::1]:7925\"  key-file = \"$T/key\" }" \
		"vote { listen = \"tcp:127.0.0.1:7925\"  key-file = \"$T/key\" }" "$@"
	run_gate -c "$T/conf"
}

has_votes()
{
	echo status | socat -t 3 - UNIX-CONNECT:/run/mxallowd/control >"$T/counts" || return 1
	for count; do
		grep -Eq "^votes .*\b$count\b" "$T/counts" || return 1
	done
}

# What was written may still be on its way.
expect_votes()
{
	turns=100
	until has_votes "$@"; do
		turns=$((turns - 1))
		[ "$turns" -gt 0 ] || fail "wanted $*: $(grep '^votes ' "$T/counts")"
		sleep 0.02
	done
}

gets_in()
{
	expect refused from "$1" to "$FAKE4"
	expect open from "$1" to "$REAL4"
}

is_shut_out()
{
	expect silent from "$1" to "$REAL4"
	expect_log "^verdict=drop src=$1 dst=$REAL4 reason=penalty "
}
