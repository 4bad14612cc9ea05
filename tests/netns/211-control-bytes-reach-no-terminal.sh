#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: mxallowctl passes on no control bytes, whatever listens at the socket
# needs: perl
. "$(dirname "$0")/lib.sh"

perl -MSocket -e '
	socket(my $s, AF_UNIX, SOCK_STREAM, 0) or die;
	bind($s, sockaddr_un($ARGV[0])) && listen($s, 8) or die;
	while (accept(my $c, $s)) {
		sysread($c, my $line, 512);
		syswrite($c, "\e[2Jrow a=\e]0;x\a b=\"\r\b\x7f\"\nverdict=accept\tsrc=\eZ\n" .
			"error: \e]0;y\a it is\tso\nno: \e[5n\nend\n");
	}' "$T/hostile" &
server=$!
until_true 5 [ -S "$T/hostile" ]
for words in status list why\ 192.0.2.1 watch stats rules export flush\ all reload; do
	# shellcheck disable=SC2086
	timeout 10 "$BUILD/mxallowctl" --socket "$T/hostile" $words >"$T/said" 2>&1
	grep -q 'mxallowctl: .* it is' "$T/said" || fail "$words: no error: $(cat -v "$T/said")"
	! LC_ALL=C tr -d '\t\n' <"$T/said" | LC_ALL=C grep -q '[[:cntrl:]]' ||
		fail "$words: $(cat -v "$T/said")"
done
kill "$server"
