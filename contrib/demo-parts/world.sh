# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
#
# world.sh - the internet of the demo: namespaces, DNS, mail servers, firewall, daemon
#
# Three namespaces: the gate is the one we are in, "sender" holds the honest mail servers
# and DNS, "bot" the bot.

FAKE=192.0.2.3 REAL=192.0.2.4 FAKE6=2001:db8:1::3 REAL6=2001:db8:1::4
SENDER=198.51.100.25 SIBLING=198.51.100.26 BOT=203.0.113.66 DNS=198.51.100.53
W=/run/demo
POSTFIX=$PWD/build-postfix
DAEMON=$PWD/build/mxallowd
CONNECT=$PWD/build/tests/netns/probes/connect
LOG=$W/mxallowd.log
daemon=''

# until_true SECONDS COMMAND
until_true()
{
	turns=$(($1 * 20))
	shift
	until "$@" >/dev/null 2>&1; do
		turns=$((turns - 1))
		[ "$turns" -gt 0 ] || return 1
		sleep 0.05
	done
}

inside()
{
	where=$1
	shift
	nsenter --net="/run/netns/$where" "$@"
}

# Everything that still runs in our namespaces is ours; nothing else is touched.
world_end()
{
	trap - EXIT
	for ns in /proc/$$/ns/net /run/netns/*; do
		id=$(stat -L -c %i "$ns" 2>/dev/null) || continue
		for pid in $(find /proc/[0-9]*/ns/net -lname "net:\[$id\]" 2>/dev/null |
			     cut -d/ -f3); do
			# timeout, our parent, waits for us and ends by itself
			[ "$pid" = $$ ] || [ "$pid" = "$PPID" ] || kill -KILL "$pid" 2>/dev/null
		done
	done
}

private_files()
{
	mount --make-rprivate / 2>/dev/null
	mount -t tmpfs -o mode=755 tmpfs /run
	mount -t tmpfs -o mode=755 tmpfs /var/lib
	mkdir -p "$W/etc" "$W/machine" "$W/mail"
	mount --bind /etc "$W/machine"
	ln -s "$W/machine"/* "$W/etc/"
	for f in hosts resolv.conf passwd group mxallowd.conf; do
		rm -f "$W/etc/$f"
	done
	echo "127.0.0.1 localhost" >"$W/etc/hosts"
	echo "nameserver $DNS" >"$W/etc/resolv.conf"
	printf '%s\n' root:x:0:0::/:/bin/sh postfix:x:425:425::/:/bin/false \
		mxallowd:x:427:427::/:/bin/false nobody:x:65534:65534::/:/bin/false \
		>"$W/etc/passwd"
	printf '%s\n' root:x:0: postfix:x:425: postdrop:x:426: mxallowd:x:427: \
		nogroup:x:65534: >"$W/etc/group"
	mount --bind "$W/etc" /etc
}

network()
{
	ip link set lo up
	for who in sender bot; do
		ip netns add "$who"
		ip link add "to-$who" type veth peer name out netns "$who"
		ip link set "to-$who" up
		inside "$who" ip link set lo up
		inside "$who" ip link set out up
	done
	ip addr add 198.51.100.1/24 dev to-sender
	ip addr add 203.0.113.1/24 dev to-bot
	ip addr add 2001:db8:2::1/64 dev to-sender nodad
	for a in $FAKE/32 $REAL/32; do ip addr add "$a" dev lo; done
	for a in $FAKE6/128 $REAL6/128; do ip addr add "$a" dev lo nodad; done
	for a in $SENDER $SIBLING $DNS; do inside sender ip addr add "$a/24" dev out; done
	inside sender ip addr add 2001:db8:2::25/64 dev out nodad
	inside sender ip route add default via 198.51.100.1
	inside sender ip route add ::/0 via 2001:db8:2::1
	inside bot ip addr add "$BOT/24" dev out
	inside bot ip route add default via 203.0.113.1
}

dns_server()
{
	cat >"$W/dnsmasq.conf" <<-END
		no-resolv
		no-hosts
		user=root
		bind-interfaces
		listen-address=$DNS
		pid-file=$W/dnsmasq.pid
		mx-host=example.org,mx1.example.org,5
		mx-host=example.org,mx2.example.org,10
		host-record=mx1.example.org,$FAKE,$FAKE6
		host-record=mx2.example.org,$REAL,$REAL6
		host-record=out.sender.example,$SENDER
		host-record=out.sender.example,$SIBLING
		host-record=out.sender.example,2001:db8:2::25
		local=/example.org/
		local=/sender.example/
		local=/in-addr.arpa/
		local=/ip6.arpa/
	END
	inside sender dnsmasq --conf-file="$W/dnsmasq.conf"
}

# Receives: smtp-sink, Postfix's own SMTP server for tests. It keeps what it gets.
mail_server()
{
	chmod 777 "$W/mail"
	for a in "$REAL" "[$REAL6]"; do
		LD_LIBRARY_PATH=$POSTFIX/usr/lib/postfix "$POSTFIX/usr/sbin/smtp-sink" -u nobody \
			-h mx2.example.org -d "$W/mail/%H%M%S." "$a:25" 100 >/dev/null 2>&1 &
	done
}

# Sends: an unpacked Postfix with a queue of its own, unaware of any of this.
sending_postfix()
{
	P=$W/postfix
	mkdir -p "$P/queue" "$P/data" "$P/conf"
	cat >"$P/conf/main.cf" <<-END
		compatibility_level = 3.6
		queue_directory = $P/queue
		data_directory = $P/data
		daemon_directory = $POSTFIX/usr/lib/postfix/sbin
		command_directory = $POSTFIX/usr/sbin
		shlib_directory = $POSTFIX/usr/lib/postfix
		meta_directory = $P/conf
		import_environment = MAIL_CONFIG LD_LIBRARY_PATH LANG=C
		export_environment = MAIL_CONFIG LD_LIBRARY_PATH LANG
		maillog_file = $P/log
		maillog_file_prefixes = /run
		myhostname = out.sender.example
		mydestination =
		alias_maps =
		alias_database =
		inet_interfaces = $SENDER, [2001:db8:2::25]
		smtp_tls_security_level = none
	END
	cat >"$P/conf/master.cf" <<-END
		pickup  unix n - n 60 1 pickup
		cleanup unix n - n - 0 cleanup
		qmgr    unix n - n 300 1 qmgr
		rewrite unix - - n - - trivial-rewrite
		bounce  unix - - n - 0 bounce
		defer   unix - - n - 0 bounce
		trace   unix - - n - 0 bounce
		smtp    unix - - n - - smtp
		error   unix - - n - - error
		retry   unix - - n - - error
		postlog unix-dgram n - n - 1 postlogd
	END
	cp "$POSTFIX/usr/share/postfix/dynamicmaps.cf" "$P/conf/"
	(
		cd "$P/queue" || exit
		mkdir active bounce corrupt defer deferred flush hold incoming private saved \
			trace maildrop public pid
		chown postfix ./* ../data && chown root pid
		chmod 700 ./* && chgrp postdrop maildrop public
		chmod 730 maildrop && chmod 710 public && chmod 755 pid
	)
	inside sender env MAIL_CONFIG="$P/conf" LD_LIBRARY_PATH="$POSTFIX/usr/lib/postfix" \
		"$POSTFIX/usr/lib/postfix/sbin/master" -d >/dev/null 2>&1 &
}

firewall_and_daemon()
{
	for a in $FAKE $REAL $FAKE6 $REAL6; do
		case $a in *:*) tool=ip6tables ;; *) tool=iptables ;; esac
		$tool -t raw -A PREROUTING -p tcp --syn --dport 25 -d "$a" \
			-j NFQUEUE --queue-num 23 --queue-bypass ||
			give_up "this kernel has no NFQUEUE target for $tool"
	done
	"$DAEMON" -s -F -f $FAKE -f $FAKE6 -r $REAL -r $REAL6 -n 23 >"$LOG" 2>&1 &
	daemon=$!
}

is_listening()
{
	[ "$(awk '$2 ~ /:0019$/ && $4 == "0A"' /proc/net/tcp /proc/net/tcp6 | wc -l)" = 2 ]
}

world_begin()
{
	private_files
	network
	dns_server || give_up "dnsmasq did not start"
	mail_server
	sending_postfix
	firewall_and_daemon
	until_true 5 is_listening || give_up "the receiving mail server did not start"
	until_true 5 grep -q '^ready ' "$LOG" || give_up "the daemon did not start: $(cat "$LOG")"
	until_true 5 grep -q 'daemon started' "$W/postfix/log" || give_up "Postfix did not start"
}
