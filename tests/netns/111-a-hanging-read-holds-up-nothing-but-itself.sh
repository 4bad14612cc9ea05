#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: while a reload hangs in a read, packets are judged, others wait for it, TERM ends at once
#
#   [sender S1 S2 S3]---veth---[gate: FAKE4 REAL4]
. "$(dirname "$0")/lib.sh"
. "$here/ctl.sh"
. "$here/overload.sh"
topology_pair
rules_raw
write_conf "whitelist-time = 1h"
run_gate -c "$T/conf"
worker=$(thread_of mxallowd-files)
[ -n "$worker" ] || fail "there is no thread mxallowd-files"
expect refused from "$S1" to "$FAKE4"

freeze "$worker"
write_conf "whitelist-time = 2h"
"$CTL" reload >"$T/first" 2>&1 &
first=$!
expect_counter reload_reading -eq 1
# What asks now is answered by one more read, which sees what the first did not.
write_conf "whitelist-time = 3h"
"$CTL" reload >"$T/second" 2>&1 &
second=$!
"$CTL" reload >/dev/null 2>&1 &
gone=$!
for _ in 1 2 3; do
	kill -HUP "$gate"
done
begin_pulse "$S1" "$REAL4" 2
expect refused from "$S2" to "$FAKE4" within 300
ctl 0 status
sleep 0.2
kill -KILL "$gone"
end_pulse 300
kill -0 "$first" && kill -0 "$second" || fail "a reload was answered before it was done"
until_true 12 grep -q '^reload: .* have been read for 10 s' "$LOG"
thaw
wait "$first" || fail "the first reload: $(cat "$T/first")"
wait "$second" || fail "the second reload: $(cat "$T/second")"
expect refused from "$S3" to "$FAKE4"
expect_log "src=$S3 .*reason=knock .*closes=3h"
sleep 0.5
has_counter reload_done -eq 2 || fail "$(counter reload_done) reloads, wanted 2"

# Held packets are answered at the end too.
freeze "$worker"
"$CTL" reload >"$T/third" 2>&1 &
third=$!
expect_counter reload_reading -eq 1
began=$(date +%s%N)
stop_gate
took=$((($(date +%s%N) - began) / 1000000))
[ "$took" -lt 2500 ] || fail "it took $took ms to end"
expect_log 'ended owed=0'
expect_log 'file that is being read hangs'
wait "$third"
[ $? = 69 ] || fail "who waits is told: $(cat "$T/third")"
[ ! -e /run/mxallowd/control ] || fail "the socket is still there"
