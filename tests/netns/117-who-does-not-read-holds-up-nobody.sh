#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: a dozen listings nobody reads, a deaf watcher and deaf voters delay no verdict, and leave
# needs: socat perl
#
#   [sender S1 S2 S3]---veth---[gate: FAKE4 REAL4]---clients that do not read
. "$(dirname "$0")/lib.sh"
. "$here/ctl.sh"
. "$here/votes.sh"
. "$here/overload.sh"
# What a sanitizer keeps of freed memory is not what is measured here.
export ASAN_OPTIONS=quarantine_size_mb=1
topology_pair
rules_raw
start_gate_for_votes

{
	echo "mxallowd-export 1 time=$(date +%s)"
	awk 'BEGIN { for (i = 0; i < 100000; i++)
		printf "entry src=10.%d.%d.%d queue=default via=knock used=no opens-ms=0 " \
			"closes-ms=99999999 connections=0\n", i / 65536, i / 256 % 256, i % 256 }'
} >"$T/many"
ctl 0 import <"$T/many"
before=$(awk '/^VmRSS:/ { print $2 }' "/proc/$gate/status")

# Says a line and reads nothing for a hundred seconds.
deaf()
{
	perl -MSocket -e 'socket(S, AF_UNIX, SOCK_STREAM, 0) && connect(S, sockaddr_un($ARGV[0]))
		or die; $SIG{PIPE} = "IGNORE"; syswrite(S, $ARGV[1] x $ARGV[2]); sleep 100' "$@" &
}
for _ in 1 2 3 4 5 6 7 8 9 10 11 12; do
	deaf /run/mxallowd/control 'list
' 1
done
deaf /run/mxallowd/control 'watch
' 1
for _ in 1 2 3; do
	deaf "$BOX" 'nonsense to be answered
black 203.0.113.99
' 20000
done
begin_pulse "$S1" "$FAKE4" 3
flood()
{
	raw count 500 spread 1 wait 0 203.0.113.0 "$FAKE4" >/dev/null
	raw count 500 spread 1 wait 0 203.0.114.0 "$REAL4" >/dev/null
	raw count 500 spread 1 wait 0 203.0.115.0 "$OTHER4" >/dev/null
}
flood
expect refused from "$S2" to "$FAKE4" within 500
end_pulse 500
ctl 0 status
after=$(awk '/^VmRSS:/ { print $2 }' "/proc/$gate/status")
[ $((after - before)) -lt 16384 ] || fail "it took $((after - before)) KiB"

# A watcher that does not read loses lines.
is_lossy()
{
	flood
	has_counter control_lost -ge 1
}
until_true 60 is_lossy
# And who reads nothing for a minute goes.
until_true 80 has_counter control_slow -ge 12
until_true 20 has_counter votes_slow -ge 3
expect open from "$S2" to "$REAL4"
ctl 0 status
