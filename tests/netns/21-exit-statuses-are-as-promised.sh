#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: wrong usage ends with 64, a refused configuration with 78, with messages that help
#
#   [sender S1 S2, A1 A2 B1]---veth---[gate: FAKE4 REAL4 OTHER4, FAKE6 REAL6 OTHER6]
. "$(dirname "$0")/lib.sh"
once 64 --no-such-option
once 64 -F -s -n 23 -f "$FAKE4"
expect_said '^mxallowd: .*real-mailserver'
once 64 -F -s -f "$FAKE4" -r "$REAL4"
expect_said '^mxallowd: .*queue-num'
once 64 -F -s -n 23 -r "$REAL4"
expect_said '^mxallowd: .*fake-mailserver'
once 64 -F -s -n 23 -f 192.0.2.300 -r "$REAL4"
expect_said '^mxallowd: .*192\.0\.2\.300'
once 64 -F -s -n 70000 -f "$FAKE4" -r "$REAL4"

once 78 -F -s -c "$T/missing"
expect_said "$T/missing: "
write_conf "" "window = 3"
once 78 -F -s -c "$T/conf"
expect_said "$T/conf:5: .*window"
write_conf "fake-mailserver $REAL4"
once 78 --check -c "$T/conf"
expect_said "$T/conf:4: "
write_conf
once 0 --check -c "$T/conf"
[ ! -s "$T/said" ] || fail "--check said: $(cat "$T/said")"
once 0 -V
expect_said '^mxallowd 2'
once 0 -h
