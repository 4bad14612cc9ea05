/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * filter.c - seccomp: the calls that are left, for every thread
 *
 * An unexpected call fails with EPERM, and the kernel logs it: this program or a library
 * may have been mistaken, and mail goes on. What only an intruder asks for ends the
 * process at once. Calls without conditions on their arguments cost nothing: the kernel
 * keeps a bitmap of them (5.11).
 */
#include <errno.h>
#include <netinet/in.h>
#include <sched.h>
#include <seccomp.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/sockios.h>

#include "priv/calls_int.h"
#include "priv/priv_int.h"

/* Only these bits of an argument count: it may be an int, and no ABI says what the upper
 * half of its register holds. */
#define BITS(argument, mask, value) SCMP_CMP64(argument, SCMP_CMP_MASKED_EQ, mask, value)
#define WORD(argument, value) BITS(argument, 0xffffffff, (uint32_t)(value))
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum {
	/* Not yet in the headers of all C libraries. */
	NEW_TIME_NS = 0x80,
	NEW_NAME_SPACES = CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC |
			  CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET,
	SOCKET_TYPE = 0xf, /* the rest are flags */
};

/* One call with conditions on its arguments, all of which must hold. */
struct condition {
	const char         *name;
	unsigned            count;
	struct scmp_arg_cmp arg[3];
};

static int add_condition(scmp_filter_ctx ctx, const struct condition *c)
{
	int nr = seccomp_syscall_resolve_name(c->name);

	if (nr == __NR_SCMP_ERROR)
		return 0;
	return seccomp_rule_add_array(ctx, SCMP_ACT_ALLOW, nr, c->count, c->arg);
}

static int add_sockets(scmp_filter_ctx ctx)
{
	static const struct {
		int family, type, protocol;
	} sockets[] = {
		{ AF_UNIX, SOCK_STREAM, 0 },  { AF_UNIX, SOCK_DGRAM, 0 },
		{ AF_INET, SOCK_STREAM, 0 },  { AF_INET, SOCK_STREAM, IPPROTO_TCP },
		{ AF_INET, SOCK_DGRAM, 0 },   { AF_INET, SOCK_DGRAM, IPPROTO_UDP },
		{ AF_INET6, SOCK_STREAM, 0 }, { AF_INET6, SOCK_STREAM, IPPROTO_TCP },
		{ AF_INET6, SOCK_DGRAM, 0 },  { AF_INET6, SOCK_DGRAM, IPPROTO_UDP },
	};
	int err = 0;

	for (size_t i = 0; err == 0 && i < COUNT(sockets); i++) {
		const struct condition c = {
			"socket", 3,
			{ WORD(0, sockets[i].family),
			  BITS(1, SOCKET_TYPE, (unsigned)sockets[i].type),
			  WORD(2, sockets[i].protocol) },
		};

		err = add_condition(ctx, &c);
	}
	return err;
}

/* Not the options by which firewall rules are changed: with CAP_NET_ADMIN, the raw
 * sockets we hold would take them (IPT_SO_SET_REPLACE at SOL_IP, and at SOL_IPV6). */
static int add_options(scmp_filter_ctx ctx)
{
	static const struct condition options[] = {
		{ "setsockopt", 1, { WORD(1, SOL_SOCKET) } },
		{ "setsockopt", 1, { WORD(1, IPPROTO_TCP) } },
		{ "setsockopt", 2, { WORD(1, IPPROTO_IP), WORD(2, IP_RECVERR) } },
		{ "setsockopt", 2, { WORD(1, IPPROTO_IPV6), WORD(2, IPV6_RECVERR) } },
		{ "setsockopt", 2, { WORD(1, IPPROTO_IPV6), WORD(2, IPV6_V6ONLY) } },
	};
	int err = 0;

	for (size_t i = 0; err == 0 && i < COUNT(options); i++)
		err = add_condition(ctx, &options[i]);
	return err;
}

static int add_ioctls(scmp_filter_ctx ctx)
{
	/* Not to block; is it a terminal; the interface in a DNS server's address. */
	static const unsigned long requests[] = { FIONBIO, FIONREAD, FIOCLEX,
						  TCGETS,  SIOCGIFINDEX };
	int err = 0;

	for (size_t i = 0; err == 0 && i < COUNT(requests); i++) {
		const struct condition c = { "ioctl", 1, { WORD(1, requests[i]) } };

		err = add_condition(ctx, &c);
	}
	return err;
}

/* Threads, but no processes and no name spaces; memory, but none to put code in. */
static int add_others(scmp_filter_ctx ctx)
{
	/* s390 takes the stack first (clone(2)). */
	uint32_t arch = seccomp_arch_native();
	unsigned flags = arch == SCMP_ARCH_S390X || arch == SCMP_ARCH_S390;
	const struct condition others[] = {
		{ "clone", 1,
		  { BITS(flags, CLONE_THREAD | CLONE_VM | NEW_NAME_SPACES | NEW_TIME_NS,
			 CLONE_THREAD | CLONE_VM) } },
		{ "mmap", 1, { BITS(2, PROT_EXEC, 0) } },
		{ "mmap2", 1, { BITS(2, PROT_EXEC, 0) } },
		{ "mprotect", 1, { BITS(2, PROT_EXEC, 0) } },
		{ "mknod", 1, { BITS(1, S_IFMT, S_IFIFO) } },
		{ "mknodat", 1, { BITS(2, S_IFMT, S_IFIFO) } },
		{ "prctl", 1, { WORD(0, PR_SET_NAME) } },
		{ "prctl", 1, { WORD(0, PR_SET_VMA) } },
		{ "prlimit64", 2, { WORD(0, 0), BITS(2, UINT64_MAX, 0) } },
		{ "tgkill", 1, { WORD(0, getpid()) } }, /* abort() */
		{ "socketpair", 1, { WORD(0, AF_UNIX) } },
	};
	int err = 0;

	for (size_t i = 0; err == 0 && i < COUNT(others); i++)
		err = add_condition(ctx, &others[i]);
	return err;
}

static int add_names(scmp_filter_ctx ctx, const char *const *name, uint32_t action)
{
	int err = 0;

	for (; err == 0 && *name; name++) {
		int nr = seccomp_syscall_resolve_name(*name);

		if (nr != __NR_SCMP_ERROR)
			err = seccomp_rule_add(ctx, action, nr, 0);
	}
	return err;
}

static int add_all(scmp_filter_ctx ctx)
{
	int err = 0;

	for (const struct calls *c = calls_allowed; err == 0 && c->who; c++)
		err = add_names(ctx, c->name, SCMP_ACT_ALLOW);
	/* The other filter answers these, without a word in the log. */
	if (err == 0)
		err = add_names(ctx, calls_unknown, SCMP_ACT_ALLOW);
	if (err == 0)
		err = add_names(ctx, calls_deadly, SCMP_ACT_KILL_PROCESS);
	if (err == 0)
		err = add_sockets(ctx);
	if (err == 0)
		err = add_options(ctx);
	if (err == 0)
		err = add_ioctls(ctx);
	return err == 0 ? add_others(ctx) : err;
}

/* Frees the filter, loaded or not. */
static int load(scmp_filter_ctx ctx, bool is_logged)
{
	int err = seccomp_attr_set(ctx, SCMP_FLTATR_CTL_TSYNC, 1);

	if (err == 0)
		err = seccomp_attr_set(ctx, SCMP_FLTATR_ACT_BADARCH,
				       SCMP_ACT_KILL_PROCESS);
	/* What an older kernel or library does not know, we can do without: the log, a
	 * faster search, and no slower processor for code that is ours. */
	(void)seccomp_attr_set(ctx, SCMP_FLTATR_CTL_LOG, is_logged);
	(void)seccomp_attr_set(ctx, SCMP_FLTATR_CTL_OPTIMIZE, 2);
	(void)seccomp_attr_set(ctx, SCMP_FLTATR_CTL_SSB, 1);
	if (err == 0)
		err = seccomp_load(ctx);
	seccomp_release(ctx);
	return err;
}

/* Two filters: the stricter of their answers counts, and only the second one's refusals
 * are logged. */
int filter_calls(struct settling *s)
{
	scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_ALLOW);
	int err;

	(void)s;
	if (!ctx)
		return -ENOMEM;
	err = add_names(ctx, calls_unknown, SCMP_ACT_ERRNO(ENOSYS));
	if (err < 0) {
		seccomp_release(ctx);
		return err;
	}
	err = load(ctx, false);
	if (err < 0)
		return err;

	ctx = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	if (!ctx)
		return -ENOMEM;
	err = add_all(ctx);
	if (err < 0) {
		seccomp_release(ctx);
		return err;
	}
	return load(ctx, true);
}

/* Both are everybody's right elsewhere. */
int filter_prove(struct settling *s)
{
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, 0);
	void *code;

	if (fd >= 0) {
		close(fd);
		return settle_failed(s, "a new netlink socket can be opened");
	}
	code = mmap(NULL, 1, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (code != MAP_FAILED) {
		(void)munmap(code, 1);
		return settle_failed(s, "memory for code can be had");
	}
	return 0;
}
