#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: mxallowctl uses colours on a terminal only, and not there either with NO_COLOR
# needs: script
#
#   [sender S1 S2 S3, A1 A2 B1]---veth---[gate: FAKE4 REAL4 OTHER4, FAKE6 REAL6 OTHER6]
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/ctl.sh"
topology_pair
rules_input
start_gate
escape=$(printf '\033')

on_a_terminal()
{
	timeout 10 script -qec "$CTL why $S1" /dev/null </dev/null >"$T/answer"
	expect_answer "$S1 would be met with silence"
}

TERM=xterm on_a_terminal
expect_answer "$escape\[31mdrop$escape"
NO_COLOR=1 TERM=xterm on_a_terminal
refute_answer "$escape"
TERM=dumb on_a_terminal
refute_answer "$escape"
TERM=xterm ctl 1 why "$S1"
refute_answer "$escape"
