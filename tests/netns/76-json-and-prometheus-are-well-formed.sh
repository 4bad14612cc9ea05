#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: every JSON answer is JSON, and counters are in the Prometheus text format
# needs: python3
#
#   [sender S1 S2 S3, A1 A2 B1]---veth---[gate: FAKE4 REAL4 OTHER4, FAKE6 REAL6 OTHER6]
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/ctl.sh"
topology_pair
rules_input
start_gate
ctl 0 list --json
[ "$(cat "$T/answer")" = "[]" ] || fail "an empty list is: $(cat "$T/answer")"
expect refused from "$S1" to "$FAKE4"
expect open from "$S1" to "$REAL4"
ctl 0 black "$A1" 'text "with" \ quotes'

for command in status list stats "why $S1"; do
	# Words of a command.
	# shellcheck disable=SC2086
	ctl 0 $command --json
	python3 - "$T/answer" <<'END' || fail "$command --json: $(cat "$T/answer")"
import json, sys
rows = json.load(open(sys.argv[1]))
assert len(rows) > 0 and all("row" in row for row in rows)
for row in rows:
    if row["row"] == "counter":
        assert isinstance(row["value"], int)
END
done
ctl 1 why "$A1" --json
expect_answer '"verdict":"drop","reason":"penalty"'

ctl 0 stats --prometheus
expect_answer '^mxallowd_attempts_total\{reason="open"\} 1$'
expect_answer '^# TYPE mxallowd_table_entries gauge$'
python3 - "$T/answer" <<'END' || fail "Prometheus: $(cat "$T/answer")"
import re, sys
typed, seen = set(), set()
for line in open(sys.argv[1]):
    line = line.rstrip("\n")
    m = re.fullmatch(r"# (HELP|TYPE) ([a-z_]+) (.+)", line)
    if m:
        key = (m.group(1), m.group(2))
        assert key not in typed, line
        typed.add(key)
        continue
    m = re.fullmatch(r'([a-z_]+)(\{[a-z_]+="[^"\\]*"\})? [0-9]+', line)
    assert m, line
    assert ("TYPE", m.group(1)) in typed and ("HELP", m.group(1)) in typed, line
    assert (m.group(1), m.group(2)) not in seen, line
    seen.add((m.group(1), m.group(2)))
assert len(seen) > 10
END
