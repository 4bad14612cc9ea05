#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: observing turns nobody away, and the report names who would have been hurt, at once
# needs: python3
#
#   [sender S1 S2 S3, A1 A2 B1]---veth---[gate: FAKE4 REAL4 OTHER4, FAKE6 REAL6 OTHER6]
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/ctl.sh"
topology_pair
rules_input
echo "$B1 mail.partner.example" >>/etc/hosts
write_conf "observe = yes" "list partners { action = allow  entries = .partner.example }"
run_gate -c "$T/conf"
ctl 0 report
expect_answer "^Since 20[0-9-]*T[0-9:]*Z, for [0-9]+s, observing: nobody is turned away$"
expect_answer "^Nobody would have been turned away from the real MX\.$"

# In order from the start; a bot; one that came to the real MX first, and later in order; one
# whose mail a filter praised; one that a list knows by a name, which takes a moment.
expect open from "$A1" to "$FAKE6"
expect open from "$A1" to "$REAL6"
expect open from "$S3" to "$REAL4"
ctl 0 black "$S3" spamtrap
expect open from "$S1" to "$REAL4"
expect open from "$S1" to "$FAKE4"
expect open from "$S1" to "$REAL4"
expect open from "$S2" to "$REAL4"
ctl 0 white "$S2"
expect open from "$B1" to "$REAL6"
expect_log "^verdict=accept would=drop src=$B1 dst=$REAL6 reason=no-knock"
is_listed()
{
	"$CTL" why "$B1" | grep -q listed-allow
}
until_true 5 is_listed

ctl 0 report
expect_answer '^Attempts: 8, sources: 5$'
expect_answer '^Would have been turned away from the real MX: 4 \(voted black: 1\)$'
expect_answer '^ +4  no-knock$'
expect_answer '^Of these, good: 3$'
expect_answer '^ +1  knocked, and then came to the real MX in order$'
expect_answer '^ +1  got a white vote$'
expect_answer '^ +1  let in by a list$'
expect_answer '^Delay, for the 2 let in later: median [12]s, 95 % within [1-9]s$'
expect_answer "^  $S1  knocked, refused attempts: 1, delay [0-9]+s$"
expect_answer "^  $S2  praised, refused attempts: 1$"
expect_answer "^  2001:db8:b::/64 \(mail.partner.example\)  listed, refused attempts: 1, delay 1s$"
expect_answer "^  198.51.100.0/24  good: 2, stuck: 0$"
expect_answer "^  2001:db8:b::/48  good: 1, stuck: 0$"
refute_answer "$S3"
refute_answer "2001:db8:a"

ctl 0 report --json
python3 - "$T/answer" "$S1" "$S2" <<'END' || fail "report --json: $(cat "$T/answer")"
import json, sys
rows = json.load(open(sys.argv[1]))
head = rows[0]
assert head["row"] == "report" and head["observe"] == "yes"
assert (head["attempts"], head["refused"], head["black"], head["good"]) == (8, 4, 1, 3)
hurt = {row["src"] for row in rows if row["row"] == "hurt"}
assert hurt == {sys.argv[2], sys.argv[3], "2001:db8:b::/64"}, hurt
END
