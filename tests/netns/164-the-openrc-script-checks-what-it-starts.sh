#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: the script for OpenRC checks the configuration that it starts the daemon with
. "$(dirname "$0")/lib.sh"

# starts STATUS: what OpenRC does first, with our daemon in place of the installed one
starts()
{
	want=$1
	(
		# shellcheck source=/dev/null
		. "$here/../../contrib/init/mxallowd.openrc"
		command=$GATE
		start_pre
	) >"$T/said" 2>&1
	rc=$?
	[ "$rc" = "$want" ] || fail "status $rc, wanted $want: $(cat "$T/said")"
}

# no file where the daemon looks by itself
MXALLOWD_ARGS="-c $T/conf -t 1h"
write_conf
starts 0
write_conf "fake-action = nonsense"
starts 1
expect_said "conf:4: "
