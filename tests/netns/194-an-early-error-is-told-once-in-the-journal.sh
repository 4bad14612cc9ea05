#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: what goes wrong at the start is told on standard error and to syslog, but where standard
#        error is the journal, as systemd says, to syslog alone
# needs: socat
#
#   [sender S1 S2 S3]---veth---[gate: FAKE4 REAL4]
. "$(dirname "$0")/lib.sh"
topology_pair
private_dir /dev
socat -u UNIX-RECV:/dev/log,mode=666 OPEN:"$T/syslog",creat,append &
until_true 3 test -S /dev/log
wrong="cpu = 1023: there is no such CPU"
fails="-F -n 23 -f $FAKE4 -r $REAL4 --cpu 1023"

told()
{
	grep -c "$wrong" "$1"
}
# shellcheck disable=SC2086 # a list of arguments
once 69 $fails
expect_said "$wrong"
until_true 3 grep -q "$wrong" "$T/syslog"

# the journal of another process
JOURNAL_STREAM=1:2
export JOURNAL_STREAM
: >"$T/syslog"
# shellcheck disable=SC2086
once 69 $fails
expect_said "$wrong"

: >"$T/said"
: >"$T/syslog"
JOURNAL_STREAM=$(stat -c %d:%i "$T/said")
# shellcheck disable=SC2086
once 69 $fails
[ ! -s "$T/said" ] || fail "told on standard error, too: $(cat "$T/said")"
until_true 3 grep -q "$wrong" "$T/syslog"
[ "$(told "$T/syslog")" = 1 ] || fail "told $(told "$T/syslog") times"
