# SPDX-License-Identifier: GPL-2.0-or-later
#
# mimedefang.pl - votes from MIMEDefang
#
# Paste into /etc/mail/mimedefang-filter, or load it there with
#
#     require '/usr/share/doc/mxallowd/examples/mimedefang.pl';
#
# and call it where the filter has made up its mind:
#
#     mxallowd_vote('black', $RelayAddr, "spamtrap $recipient");
#     mxallowd_vote('white', $RelayAddr);
#
# Core Perl only. It never dies and never waits longer than a second: when mxallowd is not
# there, mail goes on. The user that MIMEDefang runs as must be in the group of the socket:
#
#     vote { listen = "unix:/run/mxallowd/vote"  group = "defang"  mode = 0660 }
#
use strict;
use warnings;
use IO::Select;
use IO::Socket::UNIX;

our $mxallowd_socket = '/run/mxallowd/vote';

# Returns '' when the vote is in, else why not.
sub mxallowd_vote {
	my ($kind, $addr, $text) = @_;

	return "no vote: $kind" unless $kind =~ /^(?:black|white|forget)$/;
	return 'no address' unless defined $addr && $addr =~ /^[0-9A-Fa-f:.]+$/;
	$text = defined $text && $kind ne 'forget' ? substr($text, 0, 400) : '';
	$text =~ s/[^\x20-\x7e]/ /g;

	local $SIG{PIPE} = 'IGNORE';
	my $socket = IO::Socket::UNIX->new(Peer => $mxallowd_socket, Timeout => 1)
		or return "$mxallowd_socket: $!";
	$socket->syswrite("$kind $addr" . ($text ne '' ? " $text" : '') . "\n")
		or return "$mxallowd_socket: $!";
	return 'no answer' unless IO::Select->new($socket)->can_read(1);
	$socket->sysread(my $answer, 512) or return 'no answer';
	return '' if $answer =~ /^ok$/m;
	return $answer =~ /^error: (.*)$/m ? $1 : 'no answer';
}

1;
