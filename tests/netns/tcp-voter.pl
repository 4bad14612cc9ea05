#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-or-later
# tcp-voter.pl - cast votes by TCP as mxallowd-protocol(7) says, rightly or wrongly
#
# usage: tcp-voter.pl HOST PORT KEYFILE WAY VOTE...
# WAY: right, or how each line is wrong: unsigned key nonce number replay oversized. Written
# from the manual page alone. Prints the answers; a line of its own, `closed`, at the end.
use strict;
use warnings;
use Digest::SHA qw(hmac_sha256_hex);
use IO::Socket::IP;

my ($host, $port, $file, $way, @votes) = @ARGV;
local $SIG{ALRM} = sub { die "no answer in time\n" };
alarm 10;
open my $in, '<', $file or die "$file: $!";
chomp(my $key = <$in>);
my $socket = IO::Socket::IP->new(PeerHost => $host, PeerPort => $port) or die "$host: $@";
my ($hex) = (<$socket> // '') =~ /^mxallowd 1 ([0-9a-f]{32})$/ or die "no greeting";
my $nonce = pack 'H*', $hex;
my $seq = 1;

sub signed {
	my ($number, $line) = @_;

	return "$number " . hmac_sha256_hex($nonce . pack('Q>', $number) . $line, $key) . " $line\n";
}

$key = 'another key of sixteen bytes' if $way eq 'key';
$nonce = "\0" x 16 if $way eq 'nonce';
$seq = 7 if $way eq 'number';
for my $vote (@votes) {
	$vote .= ' ' . 'x' x 600 if $way eq 'oversized';
	my $line = $way eq 'unsigned' ? "$vote\n" : signed($seq, $vote);

	for my $turn (1 .. ($way eq 'replay' ? 2 : 1)) {
		print $socket $line;
		$socket->flush;
		my $answer = <$socket> // "closed\n";
		print $answer;
		exit 0 if $answer eq "closed\n";
	}
	$seq++;
}
