#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: mxallowctl tells what runs, what is known and why, and its exit status says so too
#
#   [sender S1 S2 S3, A1 A2 B1]---veth---[gate: FAKE4 REAL4 OTHER4, FAKE6 REAL6 OTHER6]
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/ctl.sh"
topology_pair
rules_input

ctl 69 status
expect_complaint "cannot reach the daemon at /run/mxallowd/control: No such file"
ctl 69 list --socket "$T/nobody"
expect_complaint "$T/nobody"
ctl 64
ctl 64 frobnicate
expect_complaint 'no command "frobnicate"'
ctl 64 why mail.example.org
expect_complaint "no IPv4 or IPv6 address"
ctl 64 status --prometheus
ctl 64 list everything
ctl 64 white "$S1" --for soon
ctl 64 flush
ctl 0 --version
expect_answer "^mxallowctl [0-9]"

start_gate
ctl 1 why "$S1"
expect_answer "^$S1 would be met with silence: drop \(no-knock\)\.$"
expect_answer "^It has no window: it did not knock on a fake MX"
expect_answer "^Queue default: starts on knock, pause 0s, window 36d renewed by use, any number"
expect refused from "$S1" to "$FAKE4"
expect refused from "$A1" to "$FAKE6"
ctl 0 why "$S1"
expect_answer "^$S1 would be let in: accept \(open\)\.$"
expect_answer "^It knocked on a fake MX; its window is open for another 36d\.$"
ctl 0 list open
expect_answer "^$S1 open, .*via knock"
expect_answer "^2001:db8:a::/64 open, "
ctl 0 list pausing
[ ! -s "$T/answer" ] || fail "somebody pauses: $(cat "$T/answer")"

ctl 0 black "$S1" --for 12h sent spam
expect_answer "^$S1 penalised.*penalty for 12h"
expect_log "^vote kind=black src=$S1 .*outcome=penalised.*text="
expect silent from "$S1" to "$REAL4"
ctl 1 why "$S1"
expect_answer "drop \(penalty\)"
expect_answer "^It is under penalty for another 12h\.$"
ctl 0 list penalty
expect_answer "^$S1 penalty, penalty for another 12h"
ctl 0 flush penalties
expect open from "$S1" to "$REAL4"
ctl 0 white "$S2"
expect open from "$S2" to "$REAL4"
ctl 0 forget "$S2"
ctl 1 forget "$S2"
expect_complaint "nothing is known of $S2"
expect silent from "$S2" to "$REAL4"

ctl 0 status
expect_answer "version [0-9.]+, pid $gate, up [0-9]+s"
expect_answer "^  knock +2$"
expect_answer "^  open +2$"
expect_answer "num 23, packets"
ctl 0 flush all
ctl 0 list
[ ! -s "$T/answer" ] || fail "flush all left: $(cat "$T/answer")"
