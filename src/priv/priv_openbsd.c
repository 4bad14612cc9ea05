/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * priv_openbsd.c - OpenBSD: user, unveil(2), pledge(2)
 *
 * Both hold for the whole process, with every thread to come. Not yet run on OpenBSD:
 * written by its manuals and kern_pledge.c.
 */
#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

#include "priv/priv_int.h"

/*
 * stdio               read(2) of the bpf(4) that is open, clocks, threads, syslog, the
 *                     helper's socket and its end
 * bpf                 how many packets were lost (BIOCGSTATS); no other ioctl on it
 * rpath wpath cpath   the state file; configuration, lists and keys at a reload
 * flock               the state file is locked
 * dpath fattr         a FIFO for votes; mode and group of it, and of sockets
 * unix                control and votes
 * inet                DNS, as c-ares does not know the sockets of "dns"; votes by TCP
 * getpw               user and group at a reload, also by YP
 * error               what is not promised fails with ENOSYS and does not end the daemon:
 *                     the table of pf would stay as it is, and who is new would stay out
 */
static const char promises[] =
	"stdio bpf rpath wpath cpath flock dpath fattr unix inet getpw error";

enum priv_level priv_most(void)
{
	return PRIV_FULL;
}

/* Who stays root can become anybody until calls are promised. */
static int prove_user(struct settling *s)
{
	bool stays_root = s->plan->uid == (uid_t)-1 && geteuid() == 0;

	return stays_root ? 0 : user_prove(s);
}

/* It vanished, or its modes keep the user out: then it cannot be opened anyway. */
static bool is_out_of_reach(int err)
{
	return err == ENOENT || err == ENOTDIR || err == EACCES || err == EPERM;
}

/* Of places in each other the inner one counts alone: it allows what the outer does. */
static int close_files(struct settling *s)
{
	for (unsigned i = 0; i < s->plan->places; i++) {
		const char *path = s->plan->place[i].path;
		bool is_written = places_cover(s->plan, path, PRIV_WRITE);

		if (unveil(path, is_written ? "rwc" : "r") < 0 && !is_out_of_reach(errno))
			return -errno;
	}
	return unveil(NULL, NULL) < 0 ? -errno : 0;
}

static int prove_files(struct settling *s)
{
	if (unveil("/", "r") == 0)
		return settle_failed(s, "files can be opened up again");
	return places_prove(s);
}

static int promise(struct settling *s)
{
	(void)s;
	return pledge(promises, NULL) < 0 ? -errno : 0;
}

/* Everybody's right elsewhere. */
static int prove_promise(struct settling *s)
{
	size_t len = (size_t)sysconf(_SC_PAGESIZE);
	void *code =
		mmap(NULL, len, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANON, -1, 0);

	if (code == MAP_FAILED)
		return 0;
	(void)munmap(code, len);
	return settle_failed(s, "memory for code can be had");
}

const struct priv_step priv_steps[] = {
	{ "leave the groups", PRIV_USER, user_leave_groups, NULL },
	{ "become the user", PRIV_USER, user_become, NULL },
	{ "prove that no user comes back", PRIV_USER, prove_user, NULL },
	{ "close the files", PRIV_FULL, close_files, NULL },
	{ "prove that files are closed", PRIV_FULL, prove_files, NULL },
	{ "promise calls", PRIV_FULL, promise, NULL },
	{ "prove that calls are promised", PRIV_FULL, prove_promise, NULL },
	{ NULL, PRIV_NONE, NULL, NULL },
};
