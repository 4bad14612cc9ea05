#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: confine = user leaves files and calls alone, confine = none leaves all as it was
#
#   [sender S1 S2 S3, A1 A2 B1]---veth---[gate: FAKE4 REAL4 OTHER4, FAKE6 REAL6 OTHER6]
SANDBOX=1
. "$(dirname "$0")/lib.sh"
. "$here/ctl.sh"
. "$here/confined.sh"
confined_anyway
topology_pair
rules_input
mkdir /run/elsewhere
echo "$S3" >/run/elsewhere/known

goes_elsewhere()
{
	write_conf "confine = $1"
	run_gate -c "$T/conf"
	ctl 0 status
	expect_answer "user $2, confined $1"
	write_conf "confine = $1" 'list known { action = allow  file = "/run/elsewhere/known" }'
	ctl 0 reload
	expect open from "$S3" to "$REAL4"
	expect refused from "$S1" to "$FAKE4"
	expect_threads 3
	expect_status Seccomp 0
}

goes_elsewhere user mxallowd
expect_status Uid "901 901 901 901"
expect_status CapEff 0000000000001000
expect_status NoNewPrivs 1
stop_gate

goes_elsewhere none root
expect_status Uid "0 0 0 0"
expect_status CapEff "$(sed -n 's/^CapEff:[[:space:]]*//p' /proc/$$/status)"
expect_status NoNewPrivs 0
