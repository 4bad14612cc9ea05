# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
#
# dns.sh - a DNS server on the gate, sourced behind lib.sh by the tests of siblings
#
# start_dns ARGS       dnsmasq on 127.0.0.1, knowing only what ARGS say; it logs every
#                      question to $T/dns.log
# count_dns REGEX      how many lines of that log match
# reverse4 ADDR        the name that DNS keeps the names of an IPv4 address under

# In debug mode it changes no user, which it could not in here.
start_dns()
{
	: >"$T/dns.log"
	dnsmasq --no-daemon --conf-file=/dev/null --pid-file= --no-resolv --no-hosts \
		--listen-address=127.0.0.1 --bind-interfaces --local=/#/ --log-queries \
		--log-facility=- "$@" >"$T/dns.log" 2>&1 &
	until_true 5 grep -q 'started' "$T/dns.log"
}

count_dns()
{
	grep -Ec -- "$1" "$T/dns.log"
}

reverse4()
{
	echo "$1" | awk -F. '{ print $4 "." $3 "." $2 "." $1 ".in-addr.arpa" }'
}
