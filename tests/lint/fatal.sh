#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# fatal.sh - fails when the program could end, or trust a string, where it must not
#
# Only the first and the last steps of the program may end it, and the helper's parent its
# child; nothing a stranger sends can. Calls that cannot say how much they write or what they could not read are out.
set -u
cd "$(dirname "$0")/../.." || exit 1

tests/lint/files src include | grep '\.[ch]$' | tr '\n' '\0' | xargs -0 awk '
BEGIN {
	ENDING = "(_?exit|_Exit|quick_exit|abort|fatal)"
	UNSAFE = "(v?sprintf|v?sscanf|ato(i|l|ll|f)|strtok(_r)?|strcpy|strcat|gets|system|popen)"
}

FNR == 1 {
	inside = 0
	may_end = FILENAME ~ /^src\/(daemon\/(main|start|detach)|admit\/admit_pf)\.c$/
}

# Comments may name what they like.
{
	code = $0
	gsub(/\/\*([^*]|\*[^\/])*\*\//, " ", code)
	if (inside && !sub(/^.*\*\//, "", code))
		next
	inside = sub(/\/\*.*/, "", code)
}

function is_called(names)
{
	return code ~ ("(^|[^A-Za-z0-9_])" names "[ \t]*\\(")
}

function complain(what)
{
	sub(/^[ \t]+/, "", code)
	print FILENAME ":" FNR ": " what ": " code
	bad = 1
}

is_called(UNSAFE) { complain("this call is not used here") }
!may_end && is_called(ENDING) { complain("only main, start and detach may end the program, and admit_pf its helper") }

END { exit bad || NR == 0 }' || exit 1
