#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: `cpu` binds the thread that judges; all others may run anywhere, behind a reload too
#
#   [sender S1 S2, A1 A2 B1]---veth---[gate: FAKE4 REAL4 OTHER4, FAKE6 REAL6 OTHER6]
. "$(dirname "$0")/lib.sh"
first=$(sed -n 's/^Cpus_allowed_list:[[:space:]]*//p' /proc/self/status)
case $first in
*[-,]*)	first=${first%%[-,]*} ;;
*)	skip "this machine has one CPU" ;;
esac
bound_threads()
{
	grep -l "^Cpus_allowed_list:[[:space:]]*$first\$" "/proc/$gate"/task/*/status
}
only_the_first_is_bound()
{
	[ "$(bound_threads)" = "/proc/$gate/task/$gate/status" ]
}
topology_pair
start_gate --cpu "$first"
[ "$(find "/proc/$gate/task" -maxdepth 1 | wc -l)" -ge 6 ] || fail "there are not five threads"
only_the_first_is_bound || fail "bound: $(bound_threads)"
kill -HUP "$gate"
expect_log '^reloaded'
only_the_first_is_bound || fail "bound behind a reload: $(bound_threads)"
