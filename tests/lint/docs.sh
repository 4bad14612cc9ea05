#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# docs.sh - fails when the documentation does not render, or shows what does not work
#
# Manual pages are read by mandoc, firewall examples by the kernel of a throw-away
# namespace, configuration examples by the daemon. Without mandoc, iptables or namespaces it
# skips; nft is used where it is there.
. "$(dirname "$0")/common"
skip=

have()
{
	command -v "$1" >/dev/null && return 0
	skip="${skip:+$skip, }$1 is not installed"
	return 1
}

manual_pages_are_clean()
{
	for page in man/*.[578]; do
		mandoc -T lint -W warning "$page" || fail "$page: mandoc complains"
		mandoc -T ascii "$page" | sed "s/.$(printf '\b')//g" >"$dir/$(basename "$page").txt"
	done
	[ "$(cat man/mxallowd.1)" = ".so man8/mxallowd.8" ] ||
		fail "man/mxallowd.1 does not point to man8/mxallowd.8"
}

readme_fits_a_terminal()
{
	awk 'length > 80 { print "README:" NR ": longer than 80 columns"; n++ }
		END { exit n > 0 }' README || bad=1
	LC_ALL=C grep -n '[^ -~]' README && fail "README: not plain text"
	for command in contrib/demo contrib/check; do
		grep -q "^ *$command\$" README || fail "README does not show $command"
		[ -x "$command" ] || fail "README shows $command, which is not there"
	done
	for file in $(grep -oE '(etc|contrib)/[a-zA-Z0-9./-]*[a-zA-Z0-9]' README | sort -u); do
		[ -e "$file" ] || [ -e "/$file" ] || [ "$file" = etc/mxallowd.conf ] ||
			fail "README names $file, which is not there"
	done
}

# What the README and mxallowd(8) show of mxallowctl is there, and so are all ready
# configurations in both.
shown_commands_and_examples_exist()
{
	"$BUILD/mxallowctl" --help | sed -n 's/^  \([a-z][a-z]*\) *.*/\1/p' >"$dir/commands"
	for command in $(cat README "$dir/mxallowd.8.txt" |
			grep -oE 'mxallowctl [a-z]+' | cut -d' ' -f2 | sort -u); do
		case $command in
		prints|shows|and) continue ;;
		esac
		grep -qx "$command" "$dir/commands" || fail "mxallowctl has no command $command"
	done
	for file in etc/examples/*.conf; do
		grep -q "^ .*${file##*/}" README || fail "README does not tell of $file"
		grep -q "${file##*/}" "$dir/mxallowd.8.txt" || fail "mxallowd(8) does not tell of $file"
	done
}

# Lines of the README and of mxallowd(8) that run iptables, without prompt, in one piece.
iptables_examples()
{
	cat README "$dir/mxallowd.8.txt" | sed -e ':a' -e '/\\$/N' -e 's/\\\n//' -e 'ta' |
		sed -n 's/^[[:space:]]*\(# \)\{0,1\}\(ip6\{0,1\}tables -.*\)/\2/p'
}

both_queue_all_addresses()
{
	for ipt in iptables ip6tables; do
		n=$("$ipt" -t "$1" -S MXALLOWD | grep -c 'NFQUEUE.*--queue-bypass')
		[ "$n" = 2 ] || { echo "iptables.sh: $n rules in $ipt, table $1"; return 1; }
	done
}

# Every address of the script's own example must end up before the queue, in either form.
check_iptables_script()
{
	for form in raw input; do
		table=$form
		[ "$form" = input ] && table=filter
		sh etc/firewall/iptables.sh "$form" || return 1
		both_queue_all_addresses "$table" || return 1
		sed 's/^TARPIT=no /TARPIT=yes/' etc/firewall/iptables.sh >"$dir/tarpit.sh"
		sh "$dir/tarpit.sh" "$form" || return 1
		both_queue_all_addresses "$table" && both_queue_all_addresses mangle || return 1
	done
	sh etc/firewall/iptables.sh remove || return 1
	for ipt in iptables ip6tables; do
		for table in raw filter mangle; do
			"$ipt" -t "$table" -S | grep -q '^-[AN]' || continue
			echo "iptables.sh remove: rules left in $ipt, table $table"
			return 1
		done
	done
}

# A kernel without nft_queue refuses the word `queue` and nothing else; then the rest is checked
# without it.
check_nft_file()
{
	nft -c -f "$1" 2>"$dir/nft" && return 0
	if grep Error "$dir/nft" |
	   grep -qv 'Could not process rule: No such file or directory$'; then
		cat "$dir/nft"
		return 1
	fi
	echo "$1: this kernel has no nft_queue, checked without it"
	sed 's/queue num [0-9]* bypass/accept/' "$1" | nft -c -f -
}

# Runs inside a network namespace of its own.
check_firewall()
{
	mount -t tmpfs none /run || return 1
	lines=0
	while read -r line; do
		lines=$((lines + 1))
		$line || { echo "the kernel refuses: $line"; return 1; }
	done <"$dir/iptables"
	[ "$lines" -ge 10 ] || { echo "only $lines iptables examples found"; return 1; }
	for table in raw mangle filter; do
		iptables -t $table -F && ip6tables -t $table -F || return 1
	done
	check_iptables_script || return 1
	command -v nft >/dev/null || return 0
	for file in etc/firewall/*.nft; do
		check_nft_file "$file" || { echo "$file: nft complains"; return 1; }
	done
}

if [ "${1:-}" = inside ]; then
	rm -rf "$dir"
	dir=$2
	trap - EXIT
	check_firewall
	exit
fi

firewall_examples_work()
{
	if ! unshare --user --map-root-user --net --mount true 2>/dev/null; then
		skip="${skip:+$skip, }no user namespaces here"
		return
	fi
	iptables_examples >"$dir/iptables"
	timeout 60 unshare --user --map-root-user --net --mount \
		sh tests/lint/docs.sh inside "$dir" || fail "a firewall example does not work"
}

# Literal blocks that set queue-num are whole configuration files.
configuration_examples_are_accepted()
{
	awk -v dir="$dir" '
		/^\.Bd -literal/ { text = ""; inside = 1; next }
		/^\.Ed/ {
			if (inside && text ~ /(^|\n)queue-num/)
				printf "%s", text >(dir "/man" ++n ".conf")
			inside = 0
		}
		inside { text = text $0 "\n" }' man/mxallowd.conf.5 man/mxallowd.8
	sed -n '/^ *fake-mailserver = /,/^$/p' README >"$dir/readme.conf"
	set -- "$dir"/*.conf
	[ $# = 6 ] || fail "expected 6 configuration examples, found $#"
	for file; do
		grep -q queue-num "$file" || fail "no configuration in $file"
		"$BUILD/mxallowd" -T -c "$file" && continue
		cat "$file"
		fail "the daemon refuses this example"
	done
}

readme_fits_a_terminal
have mandoc && manual_pages_are_clean && shown_commands_and_examples_exist &&
	have iptables && firewall_examples_work
configuration_examples_are_accepted
[ "$bad" = 0 ] || exit 1
[ -z "$skip" ] || { echo "$skip"; exit 77; }
