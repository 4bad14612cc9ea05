/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * caps.c - one capability or none, and no way to another
 *
 * nfnetlink asks the sender of every verdict for CAP_NET_ADMIN (netlink_net_capable()):
 * that one stays, unless it is pf's log that is read.
 */
#include <cap-ng.h>
#include <errno.h>
#include <linux/securebits.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "priv/priv_int.h"

static const capng_type_t held = CAPNG_EFFECTIVE | CAPNG_PERMITTED;

static bool has(unsigned capability)
{
	return capng_get_caps_process() == 0 &&
	       capng_have_capability(CAPNG_EFFECTIVE, capability) == 1;
}

/* User 0 gets no capabilities by being it, nor does a change of user touch those we hold;
 * locked, so that it stays so. */
int caps_lock_root(struct settling *s)
{
	const unsigned long bits =
		SECBIT_NOROOT | SECBIT_NOROOT_LOCKED | SECBIT_NO_SETUID_FIXUP |
		SECBIT_NO_SETUID_FIXUP_LOCKED | SECBIT_KEEP_CAPS_LOCKED |
		SECBIT_NO_CAP_AMBIENT_RAISE | SECBIT_NO_CAP_AMBIENT_RAISE_LOCKED;

	if (has(CAP_SETPCAP))
		return prctl(PR_SET_SECUREBITS, bits, 0, 0, 0) < 0 ? -errno : 0;
	if (s->plan->uid == (uid_t)-1)
		return 0;
	/* Then a change of user empties the effective set, which can be filled again. */
	return prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) < 0 ? -errno : 0;
}

/* Capabilities that this kernel knows and we do not are dropped too. Without the right to
 * do it, what is in the set can be had by starting a program only, and neither
 * no_new_privs nor the filter of calls lets that happen. */
int caps_empty_bounding(struct settling *s)
{
	if (!has(CAP_SETPCAP)) {
		log_talk(s->log, "the bounding set stays: that needs CAP_SETPCAP");
		return 0;
	}
	for (unsigned long i = 0; prctl(PR_CAPBSET_READ, i, 0, 0, 0) >= 0; i++)
		if (prctl(PR_CAPBSET_DROP, i, 0, 0, 0) < 0)
			return -errno;
	return 0;
}

static bool is_kept(unsigned capability)
{
	return !WITH_PF && capability == CAP_NET_ADMIN;
}

int caps_drop(struct settling *s)
{
	(void)s;
	/* Kernels before 4.3 have no ambient set. */
	if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) < 0 &&
	    errno != EINVAL)
		return -errno;
	if (capng_get_caps_process() != 0)
		return -EPERM;
	if (is_kept(CAP_NET_ADMIN) &&
	    capng_have_capability(CAPNG_PERMITTED, CAP_NET_ADMIN) != 1)
		return -EPERM;
	capng_clear(CAPNG_SELECT_CAPS);
	if (is_kept(CAP_NET_ADMIN) &&
	    capng_update(CAPNG_ADD, held, CAP_NET_ADMIN) != 0)
		return -EPERM;
	return capng_apply(CAPNG_SELECT_CAPS) != 0 ? -EPERM : 0;
}

/* Nor may others of our user look into our memory, or a core file show it. */
int caps_no_new(struct settling *s)
{
	(void)s;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ||
	    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0)
		return -errno;
	return 0;
}

int caps_prove(struct settling *s)
{
	for (unsigned i = 0; i <= CAP_LAST_CAP; i++) {
		if (is_kept(i))
			continue;
		if (capng_get_caps_process() != 0 ||
		    capng_have_capability(CAPNG_PERMITTED, i) != 0 ||
		    capng_have_capability(CAPNG_INHERITABLE, i) != 0)
			return settle_failed(s, "a capability is still there");
		(void)capng_update(CAPNG_ADD, held, i);
		if (capng_apply(CAPNG_SELECT_CAPS) == 0)
			return settle_failed(s, "a capability can be taken back");
	}
	if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_NET_ADMIN, 0, 0) == 0)
		return settle_failed(s, "a capability can be handed on to programs");
	if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1)
		return settle_failed(s, "no_new_privs is not set");
	return 0;
}
