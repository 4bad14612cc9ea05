# SPDX-License-Identifier: GPL-2.0-or-later
#
# Mxallowd.pm - votes from SpamAssassin
#
# In local.cf, or a file next to it:
#
#     loadplugin Mail::SpamAssassin::Plugin::Mxallowd /etc/mail/spamassassin/Mxallowd.pm
#     mxallowd_socket      /run/mxallowd/vote
#     mxallowd_black_score 15
#     mxallowd_white_score -2
#
# A message with at least the black score votes its sender black, one with at most the white
# score votes it white; what lies between says nothing. The sender is the address that handed
# the message to the first relay we trust, as SpamAssassin works it out (trusted_networks must
# be right). Nothing here can fail a message: without mxallowd nothing happens.
package Mail::SpamAssassin::Plugin::Mxallowd;

use strict;
use warnings;
use IO::Select;
use IO::Socket::UNIX;
use Mail::SpamAssassin::Logger;
use Mail::SpamAssassin::Plugin;

our @ISA = ('Mail::SpamAssassin::Plugin');

sub new {
	my ($class, $main) = @_;
	my $self = $class->SUPER::new($main);

	bless $self, ref($class) || $class;
	$main->{conf}->{parser}->register_commands([
		{
			setting => 'mxallowd_socket',
			is_admin => 1,
			default => '/run/mxallowd/vote',
			type => $Mail::SpamAssassin::Conf::CONF_TYPE_STRING,
		},
		{
			setting => 'mxallowd_black_score',
			is_admin => 1,
			default => 15,
			type => $Mail::SpamAssassin::Conf::CONF_TYPE_NUMERIC,
		},
		{
			setting => 'mxallowd_white_score',
			is_admin => 1,
			default => -2,
			type => $Mail::SpamAssassin::Conf::CONF_TYPE_NUMERIC,
		},
	]);
	return $self;
}

# The whole score is known here.
sub check_end {
	my ($self, $opts) = @_;
	my $scan = $opts->{permsgstatus};
	my $conf = $scan->{conf};
	my $relay = $scan->{relays_external}->[0] or return;
	my $score = $scan->get_score();
	my ($kind, $why);

	if ($score >= $conf->{mxallowd_black_score}) {
		$kind = 'black';
	} elsif ($score <= $conf->{mxallowd_white_score}) {
		$kind = 'white';
	} else {
		return;
	}
	$why = vote($conf->{mxallowd_socket}, $kind, $relay->{ip}, "score $score");
	dbg("mxallowd: $kind $relay->{ip}: %s", $why eq '' ? 'ok' : $why);
	return;
}

# Returns '' when the vote is in, else why not.
sub vote {
	my ($path, $kind, $addr, $text) = @_;

	return 'no address' unless defined $addr && $addr =~ /^[0-9A-Fa-f:.]+$/;
	local $SIG{PIPE} = 'IGNORE';
	my $socket = IO::Socket::UNIX->new(Peer => $path, Timeout => 1)
		or return "$path: $!";
	$socket->syswrite("$kind $addr $text\n") or return "$path: $!";
	return 'no answer' unless IO::Select->new($socket)->can_read(1);
	$socket->sysread(my $answer, 512) or return 'no answer';
	return '' if $answer =~ /^ok$/m;
	return $answer =~ /^error: (.*)$/m ? $1 : 'no answer';
}

1;
