# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
#
# lib.sh - real packets between a sender and a gate, in namespaces that vanish with the test
#
# A test sources this file first and is then root in a network of its own:
#
#	#!/bin/sh
#	# claim: one sentence, printed when the test fails
#	# needs: socat                  (programs, or nfqueue; the test skips without them)
#	. "$(dirname "$0")/lib.sh"
#	topology_pair
#	rules_input
#	start_gate -t 2
#	expect silent from "$S1" to "$REAL4"
#	expect_log "verdict=drop src=$S1 dst=$REAL4 reason=no-knock"
#
#   [sender S1 S2 S3, A1 A2 B1]---veth---[gate: FAKE4 REAL4 OTHER4, FAKE6 REAL6 OTHER6]
#
# topology_pair            the network above, a mail server on every address of the gate,
#                          port 25 and 2525. A1 and A2 share their /64, B1 has another one
# rules_input [SUFFIX]     hand new connections to port 25 to queue 23, both families;
# rules_raw [SUFFIX]       the same per address in the raw table. SUFFIX -nft or -legacy
#                          picks the tool, default is what `iptables` stands for
# each_address SUFFIX COMMAND [ADDRESSES]   runs COMMAND with each in $a (fake and real ones,
#                          unless said) and its family's tool in $tool, or skips the test
# notrack [SUFFIX]         hides what the daemon sends from connection tracking
# flush_rules [SUFFIX]     takes all rules out again
# start_gate [ARGS]        the daemon with the topology's addresses, `-F -s -n 23` and ARGS;
# run_gate ARGS            with `-F -s` and ARGS; run_gate_plainly ARGS: with ARGS, which must
#                          contain -F. All wait for the line `ready` in $LOG, where standard
#                          error goes too; $gate is the pid. It knows nothing of the one before,
#                          unless the test sources state.sh
# stop_gate                TERM, and the daemon must end with status 0. Done at the end of
#                          every test that left it running. kill_gate: KILL
# once STATUS ARGS         runs the daemon with ARGS; it must end by itself with STATUS. What it
#                          wrote is in $T/said; expect_said REGEX checks it
# expect WHAT from SRC to DST [port N] [within MS]
#                          connect; WHAT is open, refused or silent
# expect_log REGEX         waits up to 3 s for a line; refute_log REGEX looks at once (call
#                          settle first); count_log REGEX prints how many
# settle                   waits until the log has all that happened so far
# until_true SECONDS COMMAND   repeats it until it succeeds, or fails the test
# in_sender COMMAND        runs it on the sender's side; raw ARGS = in_sender probes/raw ARGS
# write_conf [TEXT...]     writes $T/conf: the topology's addresses, queue 23, and TEXT lines
# private_dir DIR          links to the machine's files in place of DIR, to be changed at will
# fail WORDS, skip WORDS   end the test
#
# $T is a directory for files, gone with the test. /run and /etc are private: /etc holds links to
# the machine's files, but hosts, resolv.conf and mxallowd.conf are the test's to write
# (resolv.conf points at 127.0.0.1, where no DNS server is unless the test starts one). There is
# no user mxallowd, so that the daemon stays root of its namespace; with SANDBOX=1 there is one,
# it becomes him, and $T is his. CONFINE=none is for builds that look for leaks when they end,
# which takes calls that a confined daemon may not make; $CONFINED says so to the daemon.
# confined_anyway          at the beginning of a test that is about being confined

set -u

S1=198.51.100.2 S2=198.51.100.3 S3=198.51.100.4
FAKE4=192.0.2.3 REAL4=192.0.2.4 OTHER4=192.0.2.9
A1=2001:db8:a::2 A2=2001:db8:a::3 B1=2001:db8:b::2
FAKE6=2001:db8:1::3 REAL6=2001:db8:1::4 OTHER6=2001:db8:1::9

here=$(cd "$(dirname "$0")" && pwd) || exit 1
case ${BUILD:=build} in
/*)	;;
*)	BUILD=$here/../../$BUILD ;;
esac
PROBES=$BUILD/tests/netns/probes
: "${SANDBOX:=0}"
CONFINED=${CONFINE:+--confine=$CONFINE}
GATE=$BUILD/mxallowd
T=/run/test
LOG=$T/log
gate=

skip()
{
	echo "$*"
	trap - EXIT
	sweep
	exit 77
}

fail()
{
	echo "claim: $(sed -n 's/^# claim: //p' "$0")"
	echo "failed: $*"
	[ -s "$LOG" ] && echo "--- log" && tail -n 40 "$LOG"
	trap - EXIT
	sweep
	exit 1
}

# Ends what the test left running, by pid: all that lives in our network namespaces.
sweep()
{
	for ns in /proc/$$/ns/net /run/netns/*; do
		id=$(stat -L -c %i "$ns" 2>/dev/null) || continue
		for pid in $(find /proc/[0-9]*/ns/net -lname "net:\[$id\]" 2>/dev/null |
			     cut -d/ -f3); do
			[ "$pid" = $$ ] || kill -KILL "$pid" 2>/dev/null
		done
	done
}

# At the end: a daemon still running must end well, and nothing may survive.
finish()
{
	rc=$?
	trap - EXIT
	if [ "$rc" = 0 ] && [ -n "$gate" ]; then
		stop_gate
	fi
	sweep
	exit "$rc"
}

private_dir()
{
	mkdir -p "$T/private$1" "$T/machine$1"
	mount --rbind "$1" "$T/machine$1"
	ln -s "$T/machine$1"/* "$T/private$1/"
	mount --bind "$T/private$1" "$1"
}

private_etc()
{
	private_dir /etc
	rm -f /etc/hosts /etc/resolv.conf /etc/mxallowd.conf /etc/passwd /etc/group
	grep -v '^mxallowd:' "$T/machine/etc/passwd" >/etc/passwd
	grep -v '^mxallowd:' "$T/machine/etc/group" >/etc/group
	echo "127.0.0.1 localhost" >/etc/hosts
	echo "nameserver 127.0.0.1" >/etc/resolv.conf
}

confined_anyway()
{
	CONFINED=
	export ASAN_OPTIONS=detect_leaks=0
}

# The user the daemon becomes by itself. In his place, boxes of votes can be made anew.
make_user()
{
	echo "mxallowd:x:901:901::/nonexistent:/usr/sbin/nologin" >>/etc/passwd
	echo "mxallowd:x:901:" >>/etc/group
	chown mxallowd:mxallowd "$T"
}

check_needs()
{
	for need in $(sed -n 's/^# needs: //p' "$0") ip iptables ip6tables nfqueue; do
		case $need in
		nfqueue)
			iptables -A OUTPUT -p 254 -j NFQUEUE --queue-num 9 --queue-bypass \
				2>/dev/null || skip "this kernel has no NFQUEUE"
			iptables -D OUTPUT -p 254 -j NFQUEUE --queue-num 9 --queue-bypass ;;
		*)	command -v "$need" >/dev/null || skip "needs $need" ;;
		esac
	done
	[ -x "$GATE" ] || fail "$GATE is not there: make tests"
	[ -x "$PROBES/connect" ] || fail "the probes are not built: make tests"
}

# --- network -------------------------------------------------------------------

# Looking for leaks at every exit is for the daemon; the probes are many and short.
in_sender()
{
	ASAN_OPTIONS=detect_leaks=0 nsenter --net=/run/netns/sender "$@"
}

raw()
{
	in_sender "$PROBES/raw" "$@"
}

# Spoofed sources must get in, and answers to them out; no address waits to be proved unique.
plain_sysctls()
{
	for f in /proc/sys/net/ipv4/conf/*/rp_filter /proc/sys/net/ipv6/conf/*/accept_dad \
		 /proc/sys/net/ipv6/conf/*/accept_ra /proc/sys/net/ipv6/conf/*/disable_ipv6 \
		 /proc/sys/net/ipv4/icmp_ratelimit /proc/sys/net/ipv6/icmp/ratelimit; do
		[ -w "$f" ] && echo 0 >"$f"
	done
	ip link set lo up
}

topology_pair()
{
	ip netns add sender
	ip link add gate0 type veth peer name sender0 netns sender
	plain_sysctls
	in_sender sh -c "$(sed -n '/^plain_sysctls/,/^}/p' "$here/lib.sh"); plain_sysctls"
	{
		echo "link set gate0 address 02:00:00:00:00:01 up"
		echo "addr add 198.51.100.1/24 dev gate0"
		for a in $FAKE4 $REAL4 $OTHER4; do echo "addr add $a/32 dev gate0"; done
		for a in $FAKE6 $REAL6 $OTHER6; do echo "addr add $a/128 dev gate0 nodad"; done
		echo "addr add 2001:db8:a::1/64 dev gate0 nodad"
		echo "neigh replace $S1 lladdr 02:00:00:00:00:02 dev gate0"
		echo "neigh replace $A1 lladdr 02:00:00:00:00:02 dev gate0"
		echo "route add default via $S1"
		echo "route add ::/0 via $A1"
	} | ip -batch - || fail "cannot make the gate's side of the network"
	{
		echo "link set sender0 address 02:00:00:00:00:02 up"
		for a in $S1 $S2 $S3; do echo "addr add $a/24 dev sender0"; done
		for a in $A1 $A2 $B1; do echo "addr add $a/64 dev sender0 nodad"; done
		echo "neigh replace 198.51.100.1 lladdr 02:00:00:00:00:01 dev sender0"
		echo "neigh replace 2001:db8:a::1 lladdr 02:00:00:00:00:01 dev sender0"
		echo "route add default via 198.51.100.1"
		echo "route add ::/0 via 2001:db8:a::1"
	} | in_sender ip -batch - || fail "cannot make the sender's side of the network"
	"$PROBES/serve" 25 2525 || fail "cannot start the mail server"
}

rules_input()
{
	for tool in iptables ip6tables; do
		"$tool${1:-}" -A INPUT -p tcp --dport 25 -m conntrack --ctstate NEW \
			-j NFQUEUE --queue-num 23 --queue-bypass || skip "no $tool${1:-}"
	done
}

each_address()
{
	for a in ${3:-$FAKE4 $REAL4 $FAKE6 $REAL6}; do
		case $a in
		*:*)	tool=ip6tables$1 ;;
		*)	tool=iptables$1 ;;
		esac
		"$2" || skip "no $tool, or no such match in this kernel"
	done
}

syn_to_queue()
{
	"$tool" -t raw -A PREROUTING -p tcp --syn --dport 25 -d "$a" \
		-j NFQUEUE --queue-num 23 --queue-bypass
}

rules_raw()
{
	each_address "${1:-}" syn_to_queue
}

# What we send must not become a connection in the kernel's eyes.
notrack()
{
	for tool in "iptables${1:-}" "ip6tables${1:-}"; do
		"$tool" -t raw -A OUTPUT -p tcp --sport 25 -m mark --mark 0x6d78 \
			-j CT --notrack || skip "no $tool, or no CT target in this kernel"
	done
}

flush_rules()
{
	for tool in "iptables${1:-}" "ip6tables${1:-}"; do
		for table in filter raw mangle; do
			"$tool" -t $table -F
		done
	done
}

# expect WHAT from SRC to DST [port N] [within MS]
expect()
{
	want=$1 src=$3 dst=$5
	shift 5
	port=25 within=900
	while [ $# -gt 1 ]; do
		case $1 in
		port)	port=$2 ;;
		within)	within=$2 ;;
		esac
		shift 2
	done
	# An answer comes at once or, when its first packet was lost, a second later.
	[ "$want" = silent ] && limit=400 || limit=4000
	got=$(in_sender "$PROBES/connect" "$src" "$dst" "$port" "$limit")
	case $want:$got in
	silent:silent) return ;;
	"$want:$want "*)
		[ "${got#* }" -le "$within" ] && return
		fail "$src to $dst port $port: $got ms, wanted at most $within" ;;
	esac
	fail "$src to $dst port $port: wanted $want, got $got"
}

# --- daemon --------------------------------------------------------------------

until_true()
{
	turns=$(($1 * 50))
	shift
	while ! "$@" >/dev/null 2>&1; do
		turns=$((turns - 1))
		[ "$turns" -gt 0 ] || fail "waited in vain for: $*"
		sleep 0.02
	done
}

# A table of usual size is loaded before `ready`; a loaded machine may take longer.
await_state()
{
	turns=50
	while [ "$turns" -gt 0 ] && ! grep -Eq '^(mxallowd: )?state ' "$LOG"; do
		turns=$((turns - 1))
		sleep 0.02
	done
}

is_ready()
{
	grep -q '^ready ' "$LOG" || ! is_running "$gate"
}

# A zombie is not running.
is_running()
{
	case $(sed -n 's/^State:[[:space:]]*//p' "/proc/$1/status" 2>/dev/null) in
	''|Z*|X*) return 1 ;;
	esac
}

run_gate_plainly()
{
	[ -n "${keeps_state:-}" ] || rm -rf /var/lib/mxallowd
	: >"$LOG"
	# shellcheck disable=SC2086 # one word or none
	"$GATE" $CONFINED "$@" >>"$LOG" 2>&1 &
	gate=$!
	until_true 10 is_ready
	grep -q '^ready ' "$LOG" || fail "the daemon did not start"
	[ -n "${state_may_come_late:-}" ] || await_state
}

run_gate()
{
	run_gate_plainly -F -s "$@"
}

start_gate()
{
	run_gate -n 23 -f "$FAKE4" -f "$FAKE6" -r "$REAL4" -r "$REAL6" "$@"
}

stop_gate()
{
	kill -TERM "$gate" || fail "the daemon was gone already"
	until_true 10 gate_is_gone
	wait "$gate"
	rc=$?
	gate=
	[ "$rc" = 0 ] || fail "the daemon ended with status $rc"
}

gate_is_gone()
{
	! is_running "$gate"
}

kill_gate()
{
	kill -KILL "$gate"
	wait "$gate" 2>/dev/null
	gate=
}

once()
{
	want=$1
	shift
	# shellcheck disable=SC2086 # one word or none
	timeout -k 1 10 "$GATE" $CONFINED "$@" >"$T/said" 2>&1 </dev/null
	rc=$?
	[ "$rc" = "$want" ] || fail "mxallowd $*: status $rc, wanted $want: $(cat "$T/said")"
}

expect_said()
{
	grep -Eq -- "$1" "$T/said" || fail "wanted \"$1\", it said: $(cat "$T/said")"
}

write_conf()
{
	{
		echo "fake-mailserver = { \"$FAKE4\", \"$FAKE6\" }"
		echo "real-mailserver = { \"$REAL4\", \"$REAL6\" }"
		echo "queue-num = 23"
		for line; do echo "$line"; done
	} >"$T/conf"
}

# --- log -----------------------------------------------------------------------

expect_log()
{
	turns=150
	until grep -Eq -- "$1" "$LOG"; do
		turns=$((turns - 1))
		[ "$turns" -gt 0 ] || fail "no line \"$1\" in the log"
		sleep 0.02
	done
}

refute_log()
{
	! grep -Eq -- "$1" "$LOG" || fail "the log has a line \"$1\""
}

count_log()
{
	grep -Ec -- "$1" "$LOG"
}

# The statistics line is written behind all that was logged before it.
settle()
{
	seen=$(count_log '^Statistics: ')
	kill -USR1 "$gate"
	until_true 5 has_more_statistics
}

has_more_statistics()
{
	[ "$(count_log '^Statistics: ')" -gt "$seen" ]
}

# --- start ---------------------------------------------------------------------

if [ -z "${MXALLOWD_TEST_INSIDE:-}" ]; then
	unshare --user --map-root-user --net --mount true 2>/dev/null || {
		echo "this machine forbids user namespaces"
		exit 77
	}
	export MXALLOWD_TEST_INSIDE=1 BUILD
	[ "$SANDBOX" = 0 ] || exec "$here/../netns/users" sh "$here/$(basename "$0")" "$@"
	exec unshare --user --map-root-user --net --mount sh "$here/$(basename "$0")" "$@"
fi

mount -t tmpfs -o mode=755 tmpfs /run
mount -t tmpfs -o mode=755 tmpfs /var/lib
mkdir "$T"
trap finish EXIT
trap 'exit 143' TERM INT HUP PIPE
private_etc
[ "$SANDBOX" = 0 ] || make_user
check_needs
