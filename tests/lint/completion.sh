#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# completion.sh - fails when the shells' completions are not those of today's options, or do not work
#
# bash is asked to complete; zsh only reads its files. Without them that part is left out.
. "$(dirname "$0")/common"

contrib/completion/make "$dir" || exit 1
for name in mxallowctl.bash mxallowd.bash _mxallowctl _mxallowd; do
	[ -s "$dir/$name" ] || fail "contrib/completion/make wrote no $name"
	diff -u "contrib/completion/$name" "$dir/$name" ||
		fail "contrib/completion/$name is not up to date: run contrib/completion/make"
done

# completes WORDS... : what bash offers for the last of them, blanks around
completes()
{
	bash --norc -c '
		. "contrib/completion/$1.bash"
		COMP_WORDS=("$@")
		COMP_CWORD=$(($# - 1))
		"_$1"
		echo " ${COMPREPLY[*]} "' bash "$@"
}

offers()
{
	want=$1
	shift
	case $(completes "$@") in
	*" $want "*) ;;
	*) fail "bash: $* does not offer $want: $(completes "$@")" ;;
	esac
}

if command -v bash >/dev/null; then
	offers status mxallowctl st
	offers penalty mxallowctl list p
	offers --prometheus mxallowctl --socket /run/x stats --
	offers --socket mxallowctl forget --s
	offers --fake-action mxallowd --fa
	offers reset mxallowd --fake-action r
fi
if command -v zsh >/dev/null; then
	for name in _mxallowctl _mxallowd; do
		zsh -n "contrib/completion/$name" || fail "zsh cannot read contrib/completion/$name"
	done
fi
exit "$bad"
