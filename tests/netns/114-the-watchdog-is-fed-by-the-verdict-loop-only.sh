#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: systemd's watchdog is fed while packets are judged, and not while the loop stands
# needs: socat
#
#   [sender S1 S2]---veth---[gate: FAKE4 REAL4]---NOTIFY_SOCKET
. "$(dirname "$0")/lib.sh"
. "$here/ctl.sh"
. "$here/overload.sh"
topology_pair
rules_raw

fed()
{
	grep -o 'WATCHDOG=1' "$T/told" | wc -l
}
is_fed_again()
{
	[ "$(fed)" -gt "$before" ]
}
goes_hungry()
{
	sleep 0.3 # what was under way
	before=$(fed)
	sleep 1.2
	[ "$(fed)" = "$before" ] || fail "it was fed $1"
}

socat -u UNIX-RECV:"$T/notify" OPEN:"$T/told",creat,append &
until_true 3 test -S "$T/notify"
chmod 777 "$T/notify" # as systemd's
NOTIFY_SOCKET=$T/notify WATCHDOG_USEC=400000
export NOTIFY_SOCKET WATCHDOG_USEC
start_gate
until_true 3 grep -q READY=1 "$T/told"
before=$(fed)
sleep 1
after=$(fed)
[ $((after - before)) -ge 3 ] && [ $((after - before)) -le 8 ] ||
	fail "fed $((after - before)) times in a second, wanted 5"
expect refused from "$S1" to "$FAKE4"

kill -STOP "$gate"
goes_hungry "while it was stopped"
kill -CONT "$gate"
until_true 3 is_fed_again

# All other threads run: of this one alone packets depend.
freeze "$gate"
goes_hungry "while the loop stood"
thaw
until_true 3 is_fed_again
expect open from "$S1" to "$REAL4"
expect_counter watchdog_fed -ge 5
expect_counter watchdog_starved -eq 0

# And a reload is told as Type=notify-reload wants it.
kill -HUP "$gate"
until_true 3 grep -q '^MONOTONIC_USEC=[0-9][0-9]*' "$T/told"
reloads_are_told()
{
	tr '\n' ' ' <"$T/told" | grep -Eq 'RELOADING=1 ?MONOTONIC_USEC=[0-9]+(WATCHDOG=1)*READY=1'
}
until_true 3 reloads_are_told
stop_gate

# What is not for us, or no number, feeds nothing.
WATCHDOG_PID=1
export WATCHDOG_PID
: >"$T/told"
start_gate
sleep 0.6
[ "$(fed)" = 0 ] || fail "it was fed in another's place"
stop_gate
unset WATCHDOG_PID
WATCHDOG_USEC=soon
start_gate
expect_log 'WATCHDOG_USEC or WATCHDOG_PID is no number'
expect open from "$S1" to "$OTHER4"
