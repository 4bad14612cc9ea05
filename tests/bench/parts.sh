# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
#
# parts.sh - what lists, listings, votes, held connections and forged knocks cost;
# tests/bench/run reads it
#
# bench_lists              a daemon with a million networks and two without, each with an
#                          empty table; the second without shows what is noise
# bench_listing            connect() while a running daemon, $mx, lists its million entries
# bench_votes              connect() while $mx is voted at, and writes each vote to its log
# bench_tarpit             memory of a daemon that holds a thousand connections
# bench_forged PROOF       memory after five million forged knocks with a million entries, and
#                          connect() of a known client while more of them come
#
# The client of connect() is known and let in. Who lists and who votes has the first CPU,
# with the client, and yields to it: otherwise their share of it is what one would measure.
# All of them leave their figures in $data.

# With the names of variables of tests/bench/run.
# shellcheck disable=SC2154

vote_rate=11000 # in order that 10 000 is not missed by a pause
held_bots=1000

# start_gate NAME QUEUE REAL: as start_daemon, with $tmp/NAME.conf and a folder of its own.
start_gate()
{
	start "$1" "$daemon" -F -s -b -n "$2" -c "$tmp/$1.conf" --run-dir "/run/$1" \
		--state-dir none \
		-f 10.99.0.13 -r "$3"
}

# Not from the start, where it says `ready`.
hush()
{
	echo 'quiet = true' >>"$tmp/$1.conf"
	timeout 20 "$BENCH_BUILD/mxallowctl" --socket "/run/$1/control" reload >/dev/null ||
		fail "$1 does not load its configuration: $(cat "$tmp/$1.err")"
}

end_gate()
{
	kill -TERM "$2"
	wait "$2" || fail "$1 does not end well: $(cat "$tmp/$1.err")"
}

# The sources are of that eighth of IPv4 which the list is about: a third of them is on it.
bench_lists()
{
	"$tools/lists" "$tmp/networks"
	configure
	cp "$tmp/conf" "$tmp/plain.conf"
	cp "$tmp/conf" "$tmp/twin.conf"
	configure "list \"many\" { action = deny  file = \"$tmp/networks\" }"
	cp "$tmp/conf" "$tmp/lists.conf"
	say "start with a million networks"
	"$tools/ready" lists "$list_starts" "$daemon" -F -s -b -n 27 -c "$tmp/lists.conf" \
		--run-dir /run/lists --state-dir none -f 10.99.0.13 -r 10.99.0.9 >>"$data"
	start_gate lists 27 10.99.0.9
	with=$pid
	start_gate plain 28 10.99.0.10
	plain=$pid
	start_gate twin 29 10.99.0.11
	twin=$pid
	for name in lists plain twin; do
		hush $name
	done
	say "CPU per verdict with a million networks"
	"$tools/drain" "$net" "$list_drains" 1000 \
		lists "$with" 27 10.99.0.9 64.0.0.0 536870912 \
		plain "$plain" 28 10.99.0.10 64.0.0.0 536870912 \
		twin "$twin" 29 10.99.0.11 64.0.0.0 536870912 >>"$data"
	end_gate lists "$with"
	end_gate plain "$plain"
	end_gate twin "$twin"
}

# A round of connect() to the daemon, the client known anew.
connect_as()
{
	"$tools/synsend" -N "$net" -d 10.99.0.3 -s 10.99.0.1
	"$tools/connects" "$net" 1 "$busy_connects" 1500 "$1" 10.99.0.2 >>"$data"
}

# List on and on until $tmp/enough is there, and say for how long each took.
list_on()
{
	for n in $(seq 100); do
		[ ! -e "$tmp/enough" ] || return 0
		begin=$(date +%s%N)
		lines=$(chrt -i 0 timeout 30 "$BENCH_BUILD/mxallowctl" list | wc -l)
		end=$(date +%s%N)
		[ "$lines" -ge $((known - known / 1000)) ] || return 1
		echo "listing.s $n $(((end - begin) / 1000000))" >>"$tmp/listings"
	done
}

bench_listing()
{
	say "connect() while a million entries are listed"
	: >"$tmp/listings"
	for _ in $(seq "$busy_rounds"); do
		connect_as unlisted
		rm -f "$tmp/enough"
		list_on &
		lister=$!
		sleep 0.2
		connect_as listed
		: >"$tmp/enough"
		wait "$lister" || fail "a listing is not complete"
	done
	awk '{ printf "%s %.3f\n", $1, $3 / 1000 }' "$tmp/listings" >>"$data"
}

votes_counted()
{
	timeout 10 "$BENCH_BUILD/mxallowctl" status --json |
		sed -n 's/.*"row": *"votes".*"good": *\([0-9]*\).*/\1/p'
}

# vote_while NAME PATH: a round of connect() with votes coming in by PATH.
vote_while()
{
	before=$(votes_counted)
	chrt -i 0 "$tools/voter" "$1" "$2" $vote_rate 30 >"$tmp/voter" &
	voter=$!
	pids="$pids $voter"
	sleep 0.2
	connect_as "$1"
	kill -TERM "$voter"
	wait "$voter" || fail "the voter at $2 does not end well"
	sleep 0.05
	after=$(votes_counted)
	awk -v n=$((after - before)) -v name="$1" '
		$1 ~ /\.cast$/ { cast = $2 }
		$1 ~ /\.ok$/ { ok = $2 }
		$1 ~ /\.seconds$/ { seconds = $2 }
		END {
			printf "votes.%s.counted %.0f\n", name, n / seconds
			exit n != cast || ok && ok != cast
		}' "$tmp/voter" >>"$data" ||
		fail "$((after - before)) votes counted, and: $(cat "$tmp/voter")"
}

bench_votes()
{
	say "connect() while votes come in"
	configure "vote { listen = \"unix:/run/mxallowd/vote\" }" \
		"vote { listen = \"fifo:/run/mxallowd/recent\" }"
	kill -HUP "$mx"
	tries=0
	until [ -p /run/mxallowd/recent ]; do
		tries=$((tries + 1))
		[ $tries -lt 300 ] || fail "no FIFO: $(cat "$tmp/daemon.err")"
		sleep 0.01
	done
	for _ in $(seq "$busy_rounds"); do
		connect_as unvoted
		vote_while unix /run/mxallowd/vote
		vote_while fifo /run/mxallowd/recent
	done
}

bots()
{
	: >"$tmp/bots"
	nsenter --net="$net" "$BENCH_BUILD/tests/netns/probes/bot" 10.99.0.1 10.99.0.16 \
		"$1" 14 "$2" >"$tmp/bots" &
	bots=$!
	pids="$pids $bots"
	tries=0
	until grep -q '^connected' "$tmp/bots"; do
		tries=$((tries + 1))
		[ $tries -lt 1000 ] || fail "no end of connecting to the tarpit"
		sleep 0.01
	done
	grep -q "^connected $1\$" "$tmp/bots" || fail "not all are held: $(cat "$tmp/bots")"
}

bench_tarpit()
{
	say "a thousand held connections"
	iptables -A INPUT -p tcp --dport 25 -d 10.99.0.16 -m conntrack \
		! --ctstate ESTABLISHED,RELATED -j NFQUEUE --queue-num 30 --queue-bypass
	iptables -t raw -A OUTPUT -p tcp --sport 25 -m mark --mark 0x6d78 -j CT --notrack
	configure 'queue "default" { deny = tarpit }'
	cp "$tmp/conf" "$tmp/tarpit.conf"
	start_gate tarpit 30 10.99.0.16
	mx=$pid
	bots 50 1 # what it touches once and for all
	wait "$bots"
	before=$(resident)
	bots $held_bots 3
	sleep 1
	after=$(resident)
	wait "$bots"
	grep -q "^established $held_bots " "$tmp/bots" ||
		fail "not all stay held: $(cat "$tmp/bots")"
	echo "$before $after" | awk '{
		printf "tarpit.before %.3f\ntarpit.after %.3f\n", $1 / 1e6, $3 / 1e6
	}' >>"$data"
	end_gate tarpit "$mx"
}

knocks()
{
	timeout 10 "$BENCH_BUILD/mxallowctl" --socket /run/forged/control stats |
		sed -n 's/^attempts{reason=knock} //p'
}

# Chunks that the queue can hold: what it lets in when it is full is not judged.
forge()
{
	sent=0
	while [ "$(knocks)" -lt "$1" ]; do
		[ $sent -lt $((3 * $1)) ] || fail "$(knocks) of $sent knocks were judged"
		for _ in 1 2 3 4 5; do
			"$tools/synsend" -N "$net" -d 10.99.0.17 -s 20.0.0.0 -r 16777216 \
				-o $sent -n 50000
			sent=$((sent + 50000))
			until [ "$(handed_over 31 | cut -d' ' -f2)" = 0 ]; do :; done
		done
	done
}

bench_forged()
{
	say "forged knocks, proof = $1"
	configure "proof = $1"
	cp "$tmp/conf" "$tmp/forged.conf"
	start forged "$daemon" -F -s -b -n 31 -c "$tmp/forged.conf" --run-dir /run/forged \
		-f 10.99.0.17 -r 10.99.0.18
	mx=$pid
	hush forged
	# The peer's kernel proves the address by itself.
	"$tools/synsend" -N "$net" -d 10.99.0.17 -s 10.99.0.1
	"$tools/connects" "$net" "$busy_rounds" "$busy_connects" 1500 "calm-$1" 10.99.0.18 \
		>>"$data"
	before=$(resident)
	forge "$forged"
	after=$(resident)
	echo "$1 $before $after" | awk '{
		printf "forged.%s.before %.3f\nforged.%s.after %.3f\n",
			$1, $2 / 1e6, $1, $4 / 1e6
	}' >>"$data"
	chrt -i 0 "$tools/synsend" -N "$net" -d 10.99.0.17 -s 20.0.0.0 -r 16777216 \
		-n 1000000000 -p 50000 &
	flooder=$!
	pids="$pids $flooder"
	sleep 0.2
	"$tools/connects" "$net" "$busy_rounds" "$busy_connects" 1500 "flooded-$1" 10.99.0.18 \
		>>"$data"
	kill -TERM "$flooder"
	wait "$flooder" || :
	end_gate forged "$mx"
}
