/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * admit_pf.c - the daemon's end of the socket to the process that runs pfctl
 */
#include "admit/admit.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "admit/hand_int.h"
#include "admit/helper_int.h"
#include "base/text.h"

enum {
	OUT_BYTES = 256 * REQUEST_BYTES,
	GRACE_MS = 5000, /* the helper's own timeout comes first */
	CLOSE_TICK_MS = 5,
	HELPER_SOCKET = 3,
	DESCRIPTORS_MAX = 65536, /* at start few are open, and low ones */
};

struct pf_hand {
	int         fd;
	pid_t       helper;
	int64_t     patience_ms;
	struct run  run;
	bool        is_running;
	struct mono overdue;
	uint32_t    told; /* networks of the run that went into `out` */
	size_t      out_at, out_len;
	size_t      in_len;
	uint8_t     out[OUT_BYTES];
	uint8_t     in[RESULT_BYTES];
};

static int pf_fd(const void *hand)
{
	return ((const struct pf_hand *)hand)->fd;
}

static bool has_more(const struct pf_hand *h)
{
	return h->out_at < h->out_len || (h->is_running && h->told < h->run.count);
}

static bool pf_wants_write(const void *hand)
{
	return has_more(hand);
}

static struct mono pf_overdue(const void *hand)
{
	return ((const struct pf_hand *)hand)->overdue;
}

static void fill(struct pf_hand *h)
{
	h->out_at = h->out_len = 0;
	while (h->told < h->run.count && h->out_len + REQUEST_BYTES <= OUT_BYTES) {
		request_write_net(h->out + h->out_len, &h->run.nets[h->told++]);
		h->out_len += REQUEST_BYTES;
	}
}

/* False when the helper does not listen any more. */
static bool push(struct pf_hand *h)
{
	while (has_more(h)) {
		ssize_t put;

		if (h->out_at == h->out_len)
			fill(h);
		put = send(h->fd, h->out + h->out_at, h->out_len - h->out_at,
			   MSG_NOSIGNAL);
		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return errno == EAGAIN || errno == ENOBUFS;
		h->out_at += (size_t)put;
	}
	return true;
}

static void pf_start(void *hand, const struct run *r, struct mono now)
{
	struct pf_hand *h = hand;

	h->run = *r;
	h->is_running = true;
	h->told = 0;
	h->overdue = mono_after(now, h->patience_ms);
	request_write_run(h->out, r->kind, r->count);
	h->out_at = 0;
	h->out_len = REQUEST_BYTES;
	(void)push(h); /* a loss shows in the next turn */
}

static void explain(char *why, const struct run *run, const struct result *r)
{
	char said[4 * RESULT_TEXT_MAX + 1], how[64] = "";

	switch (r->outcome) {
	case RESULT_DONE:
		break;
	case RESULT_EXITED:
		snprintf(how, sizeof(how), "it ended with status %u", r->number);
		break;
	case RESULT_SIGNALED:
		snprintf(how, sizeof(how), "it was ended by signal %u", r->number);
		break;
	case RESULT_TIMEOUT:
		snprintf(how, sizeof(how), "it took too long and was killed");
		break;
	case RESULT_DEAF:
		snprintf(how, sizeof(how), "it did not read all addresses");
		break;
	case RESULT_NO_START:
		snprintf(how, sizeof(how), "it cannot be run: %s", strerror(r->number));
		break;
	}
	snprintf(why, ADMIT_WHY_MAX, "pfctl -T %s of %u networks: %s%s%s",
		 run_name(run->kind), run->count, how, r->len > 0 ? "; it said: " : "",
		 text_escape(said, sizeof(said), r->text, r->len));
}

static enum hand_state lose(char *why, const char *what)
{
	snprintf(why, ADMIT_WHY_MAX, "the helper that runs pfctl %s", what);
	return HAND_LOST;
}

static enum hand_state hear_result(struct pf_hand *h, char *why)
{
	struct result r;

	h->in_len = 0;
	if (!h->is_running || has_more(h) || !result_read(h->in, &r))
		return lose(why, "talks nonsense");
	h->is_running = false;
	if (r.outcome == RESULT_DONE)
		return HAND_DONE;
	explain(why, &h->run, &r);
	return HAND_FAILED;
}

static enum hand_state pf_turn(void *hand, struct mono now, char *why)
{
	struct pf_hand *h = hand;
	ssize_t got;

	if (!push(h))
		return lose(why, "has ended");
	do
		got = recv(h->fd, h->in + h->in_len, sizeof(h->in) - h->in_len, 0);
	while (got < 0 && errno == EINTR);
	if (got == 0 || (got < 0 && errno != EAGAIN))
		return lose(why, "has ended");
	if (got > 0)
		h->in_len += (size_t)got;
	if (h->in_len == sizeof(h->in))
		return hear_result(h, why);
	if (h->is_running && mono_reached(now, h->overdue))
		return lose(why, "does not answer");
	return HAND_BUSY;
}

/* Nothing here reads a clock: what counts is the time spent waiting. */
static void finish_run(struct pf_hand *h)
{
	char why[ADMIT_WHY_MAX];
	int left = ADMIT_CLOSE_MS / CLOSE_TICK_MS;

	while (h->is_running && left > 0) {
		struct pollfd p = { .fd = h->fd, .events = POLLIN };

		if (has_more(h))
			p.events |= POLLOUT;
		if (poll(&p, 1, CLOSE_TICK_MS) <= 0)
			left--;
		else if (pf_turn(h, (struct mono){ 0 }, why) == HAND_LOST)
			return;
	}
}

/* The helper ends when its socket does, and kills a pfctl that still runs. It is not
 * ours to kill: it is root, and we may not be. */
static void pf_close(void *hand)
{
	struct pf_hand *h = hand;

	finish_run(h);
	(void)close(h->fd);
	for (int left = ADMIT_CLOSE_MS / CLOSE_TICK_MS; left > 0; left--) {
		pid_t ended = waitpid(h->helper, NULL, WNOHANG);

		if (ended == h->helper || (ended < 0 && errno != EINTR))
			break;
		(void)poll(NULL, 0, CLOSE_TICK_MS);
	}
	free(h);
}

/* The new process: nothing of the daemon stays open but the socket. */
static int become_helper(int socket, const struct helper_conf *c)
{
	int high = fcntl(socket, F_DUPFD, HELPER_SOCKET + 1);
	int null = open("/dev/null", O_RDWR);
	long last = sysconf(_SC_OPEN_MAX);

	if (high < 0 || null < 0 || chdir("/") < 0)
		return 1;
	for (int fd = 0; fd < HELPER_SOCKET; fd++)
		if (dup2(null, fd) < 0)
			return 1;
	/* A pfctl that had it, too, would hide our end from the daemon. */
	if (dup2(high, HELPER_SOCKET) < 0 ||
	    fcntl(HELPER_SOCKET, F_SETFD, FD_CLOEXEC) < 0)
		return 1;
	if (last < 0 || last > DESCRIPTORS_MAX)
		last = DESCRIPTORS_MAX;
	for (int fd = HELPER_SOCKET + 1; fd < last; fd++)
		(void)close(fd);
	return helper_run(HELPER_SOCKET, c);
}

static bool is_table_name(const char *name)
{
	size_t len = strspn(name, "abcdefghijklmnopqrstuvwxyz"
				  "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_");

	return len > 0 && len < ADMIT_TABLE_MAX && name[len] == '\0' && name[0] != '-';
}

static int check_conf(const struct admit_conf *c)
{
	struct stat what;

	if (c->pfctl[0] != '/' || !is_table_name(c->table) || c->max == 0 ||
	    c->timeout_s == 0 || c->timeout_s > 3600)
		return -EINVAL;
	if (stat(c->pfctl, &what) < 0)
		return -errno;
	if (!S_ISREG(what.st_mode))
		return -EACCES;
	return access(c->pfctl, X_OK) < 0 ? -errno : 0;
}

static int start_helper(struct pf_hand *h, const struct admit_conf *c)
{
	struct helper_conf hc = {
		c->pfctl, c->table, c->timeout_s, { c->max, c->bits4, c->bits6 }
	};
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
		return -errno;
	h->helper = fork();
	if (h->helper == 0)
		_exit(become_helper(pair[1], &hc));
	(void)close(pair[1]);
	h->fd = pair[0];
	if (h->helper < 0 || fcntl(h->fd, F_SETFL, O_NONBLOCK) < 0) {
		int err = -errno;

		(void)close(h->fd);
		return err;
	}
	return 0;
}

int admit_open_pf(struct admit **out, const struct admit_conf *c)
{
	static const struct hand_ops ops = { pf_fd,   pf_wants_write, pf_start,
					     pf_turn, pf_overdue,     pf_close };
	struct pf_hand *h;
	int err = check_conf(c);

	if (err < 0)
		return err;
	h = calloc(1, sizeof(*h));
	if (!h)
		return -ENOMEM;
	h->patience_ms = (int64_t)c->timeout_s * 1000 + GRACE_MS;
	err = start_helper(h, c);
	if (err < 0) {
		free(h);
		return err;
	}
	err = admit_around(out, c, &ops, h);
	if (err < 0)
		pf_close(h);
	return err;
}
