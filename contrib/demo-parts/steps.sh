# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
#
# steps.sh - what the demo shows, and how each step is checked
#
# A step is a function: it shows what happens and returns 0 when that is what should.
# shellcheck disable=SC2154 # colours come from contrib/demo, addresses from world.sh

draw()
{
	printf '%s\n' "" "${bold}mxallowd lets in who tries the first MX first$plain" "" \
		"   example.org.  MX  5  mx1   fake: a daemon's trap, no mail server" \
		"                 MX 10  mx2   real: the mail server" ""
	printf '   %-13s %-14s --+     +--[ NFQUEUE 23: mxallowd ]--------+\n' bot $BOT
	printf '   %-13s %-14s --+-----+  mx1  %-11s %-14s |\n' out.sender $SENDER $FAKE $FAKE6
	printf '   %-13s %-14s --+     |  mx2  %-11s %-14s |\n' "   .example" $SIBLING $REAL $REAL6
	printf '   %-13s %-14s         +----------------------------------+\n' '' ''
}

step()
{
	steps=$((steps + 1))
	printf '\n%s%s. %s%s\n' "$bold" "$steps" "$1" "$plain"
	if "$2"; then
		good=$((good + 1))
		printf '   %sas it should%s\n' "$green" "$plain"
	else
		printf '   %sNOT as it should%s\n' "$red" "$plain"
		sed 's/^/   /' "$LOG"
	fi
}

note()
{
	printf '   %s%-9s%s %s\n' "$dim" "$1" "$plain" "$2"
}

# The daemon's own line, as soon as it is there.
daemon_says()
{
	until_true 5 grep -Eq -- "$1" "$LOG" || {
		note mxallowd "has no line like: $1"
		return 1
	}
	note mxallowd "$(grep -E -- "$1" "$LOG" | tail -n 1)"
}

# The bot does what 47 % of botnet spam does: it skips the first MX.
bot_tries()
{
	note bot "connects to mx2 ($REAL) ..."
	got=$(inside bot "$CONNECT" $BOT $REAL 25 "$1")
	note bot "$got${2:+ $2}"
	[ "$got" = silent ]
}

bot_is_dropped()
{
	bot_tries 2500 "for 2.5 s: no answer, no greeting, no SMTP" &&
		daemon_says "^verdict=drop src=$BOT dst=$REAL reason=no-knock"
}

# Refusals name the peer in Postfix's log; the last lines tell what became of the mail.
postfix_delivers()
{
	printf 'Subject: real mail\n\nHello Joe, this came through.\n' |
		inside sender env MAIL_CONFIG="$W/postfix/conf" \
			LD_LIBRARY_PATH="$POSTFIX/usr/lib/postfix" \
			"$POSTFIX/usr/sbin/sendmail" -f ann@sender.example joe@example.org ||
		return 1
	until_true 15 grep -q 'status=' "$W/postfix/log"
	grep -E 'refused|status=' "$W/postfix/log" | sed 's/.*\]: //; s/^[0-9A-F]*: //' |
	while read -r line; do
		note postfix "$line"
	done
	grep -q 'connect to mx1.example.org\[.*Connection refused' "$W/postfix/log" &&
		grep -q 'relay=mx2.example.org\[.*status=sent' "$W/postfix/log" &&
		daemon_says "^verdict=reset .* reason=knock" &&
		daemon_says "^verdict=accept .* reason=open" &&
		grep -rq 'Hello Joe' "$W/mail" && note mx2 "has the message: Hello Joe, ..."
}

# It never knocked, but its name is the sender's name, forward and backward.
sibling_gets_in()
{
	daemon_says "^sibling src=$SIBLING of=.* name=out.sender.example" || return 1
	note sibling "connects to mx2 ($REAL) ..."
	got=$(inside sender "$CONNECT" $SIBLING $REAL 25 5000)
	note sibling "$got ms, greeting 220 received"
	[ "${got% *}" = open ] && daemon_says "^verdict=accept src=$SIBLING dst=$REAL reason=open"
}

bot_is_still_dropped()
{
	bot_tries 1000
}

daemon_ends_well()
{
	kill -TERM "$daemon"
	until_true 5 grep -q '^ended' "$LOG" || return 1
	wait "$daemon"
	rc=$?
	note mxallowd "$(grep '^Statistics: ' "$LOG" | tail -n 1)"
	note mxallowd "ended with status $rc"
	[ "$rc" = 0 ]
}
