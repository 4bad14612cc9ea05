#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: while the file system of the state answers nothing, a daemon that starts has no queue yet,
#        and mail flows; once it answers, if only with errors, mail is judged
# needs: perl
#
#   [sender S1 S2 S3]---veth---[gate: FAKE4 REAL4]
. "$(dirname "$0")/lib.sh"
. "$here/state.sh"
topology_pair
rules_raw
mkdir -p "$STATE"

# A file system in user space whose user does nothing at all.
case $(uname -m) in
x86_64)	mount=165 ;;
aarch64) mount=40 ;;
*)	skip "which system call mounts is not known" ;;
esac
perl -e 'open(my $fuse, "+<", "/dev/fuse") or exit 1;
	my ($type, $dir) = ("fuse", $ARGV[0]);
	my $options = "fd=" . fileno($fuse) . ",rootmode=40000,user_id=0,group_id=0";
	syscall($ARGV[1], $type, $dir, $type, 0, $options) == 0 or exit 1;
	$| = 1; print "mounted\n"; sleep 100' "$STATE" "$mount" >"$T/mounted" &
server=$!
sleep 0.5
grep -q mounted "$T/mounted" || skip "no /dev/fuse, or no right to use it"

has_queue()
{
	grep -q '^ *23 ' /proc/net/netfilter/nfnetlink_queue
}
: >"$LOG"
# shellcheck disable=SC2086 # one word or none
"$GATE" $CONFINED -F -s -n 23 -f "$FAKE4" -r "$REAL4" >>"$LOG" 2>&1 &
gate=$!
sleep 1.5
is_running "$gate" || fail "it has ended"
! is_ready || fail "it is ready: this shows nothing"
! has_queue || fail "it holds packets, and judges none"
expect open from "$S1" to "$REAL4"

kill "$server"
until_true 5 has_queue
until_true 5 is_ready
expect_log "state is not stored"
expect silent from "$S1" to "$REAL4"
expect refused from "$S1" to "$FAKE4"
expect open from "$S1" to "$REAL4"
