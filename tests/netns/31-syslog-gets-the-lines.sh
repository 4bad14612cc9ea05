#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: without -s lines go to syslog, facility mail, with name and pid
# needs: socat
#
#   [sender S1 S2, A1 A2 B1]---veth---[gate: FAKE4 REAL4 OTHER4, FAKE6 REAL6 OTHER6]
. "$(dirname "$0")/lib.sh"
topology_pair
rules_input
private_dir /dev
socat -u UNIX-RECV:/dev/log,mode=666 OPEN:"$T/syslog",creat,append &
until_true 3 test -S /dev/log
once 0 -n 23 -f "$FAKE4" -r "$REAL4"
pid=$(cat /run/mxallowd.pid)
expect silent from "$S1" to "$REAL4"
LOG=$T/syslog
# <22> is mail.info, <21> mail.notice (RFC 5424 6.2.1).
expect_log "<2[12]>.* mxallowd\[$pid\]: ready "
expect_log "<2[12]>.* mxallowd\[$pid\]: verdict=drop src=$S1 dst=$REAL4 reason=no-knock"
kill -TERM "$pid"
