# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
#
# parts.sh - what goes on at once in a soak; sourced by run
#
# Each part is one turn of a loop that ends with the time. What a part achieved it counts
# in a file of its own, so that in the end none has been idle.

# lib.sh and run set what is used here.
# shellcheck disable=SC2154
loops=

say()
{
	[ ! -t 2 ] || printf '\r  ... %s   ' "$*" >&2
}

judge()
{
	what=$1
	shift
	if "$@"; then
		passed=$((passed + 1))
		echo "  ok    $what"
	else
		failed=$((failed + 1))
		echo "  FAIL  $what"
	fi
}

# The daemon's shell is the one that started it: parts only look at it.
loop()
{
	trap - EXIT
	turns=0
	while [ "$(date +%s)" -lt "$stop_at" ] && is_running "$gate"; do
		"part_$1" "$turns" >/dev/null 2>>"$T/noise.$1"
		turns=$((turns + 1))
		echo "$turns" >"$T/turns.$1"
	done
}

all_worked()
{
	for part in spoofed odd votes_unix votes_fifo votes_tcp reloads names clients deaf stops disk; do
		[ "$(cat "$T/turns.$part" 2>/dev/null || echo 0)" -ge 2 ] || {
			echo "        $part did nothing: $(tail -n 3 "$T/noise.$part")"
			return 1
		}
	done
	for name in votes_penalised votes_bad reload_done reload_refused resolver_confirmed \
			resolver_failed control_clients queue_packets store_written \
			proofs_asked proofs_shown; do
		has_counter $name -ge 1 || {
			echo "        $name is $(counter $name)"
			return 1
		}
	done
}

part_spoofed()
{
	raw count 2000 spread 1 wait 0 203.0.$(($1 % 200)).0 "$REAL4"
	raw count 1000 spread 1 wait 0 198.18.$(($1 % 200)).0 "$FAKE4"
	raw count 500 spread 1 wait 0 2001:db8:f00:"$1"::1 "$FAKE6"
	sleep 0.2
}

part_odd()
{
	for flags in A SA R FA SR; do
		raw count 50 spread 1 wait 0 flags $flags 203.0.113.0 "$REAL4"
	done
	raw count 50 spread 1 wait 0 doff 15 203.0.113.0 "$REAL4"
	raw count 50 spread 1 wait 0 doff 2 203.0.113.0 "$FAKE4"
	raw count 50 spread 1 wait 0 chain hdr 2001:db8:f00::1 "$REAL6"
	raw count 50 spread 1 wait 0 ipopt 40 203.0.113.0 "$REAL4"
	raw count 50 wait 0 payload 600 203.0.113.0 "$FAKE4"
	sleep 0.5
}

# Votes of all kinds, for a few hundred sources, and what is none.
votes_text()
{
	awk -v seed="$1" -v n="$2" 'BEGIN { srand(seed); for (i = 0; i < n; i++) {
		a = "10.9." int(rand() * 4) "." int(rand() * 256); r = rand()
		if (r < 0.5) print "black " a " spam"; else if (r < 0.7) print "white " a
		else if (r < 0.8) print "+" a; else if (r < 0.9) print "-" a
		else if (r < 0.905) print "/"; else print "nonsense " r } }'
}

part_votes_unix()
{
	votes_text "$1" 2000 | timeout 10 socat -t 1 - "UNIX-CONNECT:$BOX"
	votes_text "$1" 5 | timeout 10 socat -u - "UNIX-CONNECT:$BOX"
	sleep 0.1
}

part_votes_fifo()
{
	votes_text "$1" 500 | timeout 10 sh -c "cat >'$PIPE'"
	printf '+10.9.9.9' | timeout 10 sh -c "cat >'$PIPE'"
	sleep 0.1
}

part_votes_tcp()
{
	timeout 10 perl "$here/tcp-voter.pl" 127.0.0.1 7925 "$T/key" right "black 10.9.9.$(($1 % 256)) tcp"
	timeout 10 perl "$here/tcp-voter.pl" 127.0.0.1 7925 "$T/key" key "black 10.9.9.9" "white 10.9.9.9"
	timeout 1 socat -u OPEN:/dev/zero TCP4:127.0.0.1:7925 || true
	sleep 0.1
}

# One writer of the configuration: this part alone.
part_reloads()
{
	case $(($1 % 6)) in
	0)	write_settings $(($1 % 50 + 1))h ;;
	1)	echo "no such option" >>"$T/conf" ;;
	2)	write_settings 2h
		echo "vote { listen = \"unix:/nowhere/box\" }" >>"$T/conf" ;;
	3)	write_settings 3h
		grep -v "unix:$BOX" "$T/conf" >"$T/conf.new" && mv "$T/conf.new" "$T/conf" ;;
	4)	write_settings 4h
		echo "203.0.113.300" >>"$T/big" ;;
	5)	sed -i '/\.300$/d' "$T/big"
		write_settings 5h ;;
	esac
	kill -HUP "$gate"
	timeout 20 "$CTL" reload
	kill -HUP "$gate"
	sleep 0.1
}

start_names()
{
	start_dns --host-record="mail.example.org,$S1" --host-record="mail.example.org,$S2" \
		--host-record="other.example.net,$S3"
	dns=$!
}

# Half the time it hangs, then it is killed and begins anew.
part_names()
{
	sleep 2
	kill -STOP "$dns"
	sleep 2
	kill -KILL "$dns"
	wait "$dns" 2>/dev/null
	sleep 1
	start_names
	timeout 5 "$CTL" forget "$S1"
	in_sender "$PROBES/connect" "$S1" "$FAKE4" 25 1000
	in_sender "$PROBES/connect" "$S3" "$FAKE4" 25 1000
}

part_clients()
{
	timeout 20 "$CTL" list --json
	timeout 20 "$CTL" status
	timeout 20 "$CTL" why "$S1"
	timeout 20 "$CTL" stats
	timeout 20 "$CTL" rules
	timeout 20 "$CTL" export >"$T/export"
	timeout 20 "$CTL" import <"$T/export"
	timeout 1 "$CTL" watch
	timeout 1 "$CTL" list | head -n 1
	head -c 3000 /dev/urandom | timeout 2 socat -t 1 - UNIX-CONNECT:/run/mxallowd/control
	[ $(($1 % 5)) != 4 ] || timeout 5 "$CTL" flush all
	sleep 0.1
}

# Ask, and read nothing; sometimes without hanging up.
part_deaf()
{
	timeout 3 perl -MSocket -e '$SIG{PIPE} = "IGNORE"; for (1..6) {
		socket($s[$_], AF_UNIX, SOCK_STREAM, 0) && connect($s[$_], sockaddr_un($ARGV[0]))
			or die; syswrite($s[$_], ("list\n", "watch\n", "reload\n")[$_ % 3]) }
		socket($v, AF_UNIX, SOCK_STREAM, 0) && connect($v, sockaddr_un($ARGV[1]));
		syswrite($v, "black 10.9.0.1\n" x 5000); sleep 10' /run/mxallowd/control "$BOX"
}

part_stops()
{
	sleep 3
	kill -STOP "$gate"
	sleep 0.$(($1 % 9 + 1))
	[ $(($1 % 5)) != 4 ] || sleep 2
	kill -CONT "$gate"
}

# Somebody who thinks longer than the daemon wants to wait.
part_disk()
{
	printf 'BEGIN IMMEDIATE;\n.shell sleep 2\nROLLBACK;\n' |
		timeout 20 sqlite3 -cmd '.timeout 5000' "$DB"
	sleep 2
}

# --- what is looked at in the end ------------------------------------------------

count_fds()
{
	ls "/proc/$gate/fd" | wc -l
}

rss()
{
	awk '/^VmRSS:/ { print $2 }' "/proc/$gate/status" 2>/dev/null
}

# The look-ups under way end, clients go.
quiet_down()
{
	kill -CONT "$gate" 2>/dev/null
	sleep 1
	timeout 20 "$CTL" reload >/dev/null 2>&1
	sleep 8
}

# Sockets to DNS come and go with its questions; nothing else may differ.
has_fds()
{
	now=$(count_fds)
	[ "$now" -le $(($1 + 1)) ] && return
	echo "        $now, and $1 at the start:"
	ls -l "/proc/$gate/fd" | sed 's/.* -> /        /' | sort | uniq -c
	return 1
}

# Sanitizers keep freed memory for a while, up to 256 MB of it.
has_rss()
{
	now=$(rss)
	[ "$now" -le $(($1 + $1 / 4 + 16384)) ] && return
	echo "        $now KiB, and $1 early on"
	return 1
}

judges_mail()
{
	write_settings 1h
	sed -i '/\.300$/d' "$T/big"
	timeout 20 "$CTL" reload >/dev/null &&
		timeout 20 "$CTL" flush all >/dev/null || return 1
	[ "$(in_sender "$PROBES/connect" "$A2" "$REAL6" 25 400)" = silent ] || return 1
	case $(in_sender "$PROBES/connect" "$A2" "$FAKE6" 25 1000) in
	refused*) ;;
	*) return 1 ;;
	esac
	case $(in_sender "$PROBES/connect" "$A2" "$REAL6" 25 1000) in
	open*) ;;
	*) return 1 ;;
	esac
}

# Its leaks count as status 1 or 23, as the sanitizer likes.
ends_well()
{
	kill -TERM "$gate" || return 1
	until_true 20 gate_is_gone
	wait "$gate"
}

is_silent()
{
	! grep -E 'ERROR: |runtime error: |SUMMARY: ' "$LOG"
}
