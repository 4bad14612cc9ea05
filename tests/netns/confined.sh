# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
#
# confined.sh - what the kernel knows of a confined daemon, sourced behind lib.sh
#
# expect_threads N         the daemon has as many threads or more (it may take a moment)
# expect_status KEY REGEX  what /proc says of KEY, of every thread
# owner_of PATH            user and group, by name

# lib.sh, which the test has read before, sets $gate.
# shellcheck disable=SC2154

expect_threads()
{
	until_true 5 has_threads "$1"
}

has_threads()
{
	[ "$(find "/proc/$gate/task" -mindepth 1 -maxdepth 1 | wc -l)" -ge "$1" ]
}

expect_status()
{
	for thread in "/proc/$gate/task"/*; do
		sed -n "s/^$1:[[:space:]]*//p" "$thread/status" | tr '\t' ' ' >"$T/status"
		grep -Exq -- "$2" "$T/status" ||
			fail "$1 of thread ${thread##*/}: wanted $2, is $(cat "$T/status")"
	done
}

owner_of()
{
	stat -c %U:%G "$1"
}
