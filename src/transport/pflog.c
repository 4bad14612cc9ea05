/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pflog.c - pf's log, through libpcap
 *
 * The operator's filter is compiled for raw IP and run here, on the packet behind the
 * record's header. libpcap can compile it for the record, too, but only with this host's
 * number for IPv6, which is wrong for a capture of another system. What does not match is
 * copied out of the kernel for nothing; a log of one port holds little of that.
 */
#include "transport/pflog.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <pcap.h>

#include "wire/pflog.h"

enum {
	RECORDS_PER_READ = 4 * PFLOG_BATCH,
	SNAPLEN = 256 + PFLOG_COPY_BYTES, /* the longest header and a copy */
	KERNEL_BYTES = 1 << 20,
};

struct pflog_tap {
	pcap_t             *pcap;       /* owned */
	struct bpf_program  filter;
	bool                has_filter; /* then `filter` is to be freed */
	bool                is_live;
	int                 fd;
	int                 ended;      /* negative errno, once nothing more can come */
	struct pflog_counts counts;
	char                why[PFLOG_WHY_MAX];
	uint8_t             copy[PFLOG_BATCH][PFLOG_COPY_BYTES];
};

__attribute__((format(printf, 3, 4)))
static enum pflog_trouble fail(enum pflog_trouble t, char *why, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(why, PFLOG_WHY_MAX, fmt, ap);
	va_end(ap);
	return t;
}

/* Unbuffered, so that what poll(2) says of the descriptor is true of the capture. */
static enum pflog_trouble open_file(struct pflog_tap *t, const char *path, char *why)
{
	char error[PCAP_ERRBUF_SIZE] = "";
	FILE *stream = fopen(path, "rbe");

	if (!stream)
		return fail(errno == EACCES ? PFLOG_FORBIDDEN : PFLOG_ABSENT, why, "%s",
			    strerror(errno));
	(void)setvbuf(stream, NULL, _IONBF, 0);
	t->pcap = pcap_fopen_offline(stream, error);
	if (!t->pcap) {
		fclose(stream);
		return fail(PFLOG_FOREIGN, why, "%s", error);
	}
	t->fd = fileno(stream); /* closed with the capture */
	return PFLOG_FINE;
}

static enum pflog_trouble trouble_of(int status)
{
	switch (status) {
	case PCAP_ERROR_NO_SUCH_DEVICE:
	case PCAP_ERROR_IFACE_NOT_UP:
		return PFLOG_ABSENT;
	case PCAP_ERROR_PERM_DENIED:
		return PFLOG_FORBIDDEN;
	default:
		return PFLOG_BROKEN;
	}
}

/* Immediate mode: BPF would otherwise wait until its buffer is full. */
static enum pflog_trouble open_interface(struct pflog_tap *t, const char *name, char *why)
{
	char error[PCAP_ERRBUF_SIZE] = "";
	int status;

	t->is_live = true;
	t->pcap = pcap_create(name, error);
	if (!t->pcap)
		return fail(PFLOG_BROKEN, why, "%s", error);
	(void)pcap_set_snaplen(t->pcap, SNAPLEN);
	(void)pcap_set_promisc(t->pcap, 0);
	(void)pcap_set_immediate_mode(t->pcap, 1);
	(void)pcap_set_buffer_size(t->pcap, KERNEL_BYTES);
	status = pcap_activate(t->pcap);
	if (status < 0)
		return fail(trouble_of(status), why, "%s",
			    pcap_geterr(t->pcap)[0] ? pcap_geterr(t->pcap)
						    : pcap_statustostr(status));
	if (pcap_setnonblock(t->pcap, 1, error) < 0)
		return fail(PFLOG_BROKEN, why, "%s", error);
	t->fd = pcap_get_selectable_fd(t->pcap);
	if (t->fd < 0)
		return fail(PFLOG_BROKEN, why, "it cannot be waited for");
	return PFLOG_FINE;
}

static enum pflog_trouble check_link(const struct pflog_tap *t, char *why)
{
	int number = pcap_datalink(t->pcap);
	const char *name = pcap_datalink_val_to_name(number);

	if (number == DLT_PFLOG)
		return PFLOG_FINE;
	return fail(PFLOG_FOREIGN, why, "this is no log of pf but link type %s (%d)",
		    name ? name : "without name", number);
}

static enum pflog_trouble compile_filter(struct pflog_tap *t, const char *text, char *why)
{
	enum pflog_trouble trouble = PFLOG_FINE;
	pcap_t *raw;

	if (text[strspn(text, " \t")] == '\0')
		return PFLOG_FINE;
	raw = pcap_open_dead(DLT_RAW, PFLOG_COPY_BYTES);
	if (!raw)
		return fail(PFLOG_BROKEN, why, "out of memory");
	t->has_filter = pcap_compile(raw, &t->filter, text, 1, PCAP_NETMASK_UNKNOWN) == 0;
	if (!t->has_filter)
		trouble = fail(PFLOG_BAD_FILTER, why, "%s", pcap_geterr(raw));
	pcap_close(raw);
	return trouble;
}

enum pflog_trouble pflog_open(struct pflog_tap **out, const struct pflog_conf *c,
			      char *why)
{
	struct pflog_tap *t = calloc(1, sizeof(*t));
	enum pflog_trouble trouble;

	*out = NULL;
	if (!t)
		return fail(PFLOG_BROKEN, why, "out of memory");
	trouble = compile_filter(t, c->filter, why);
	if (trouble == PFLOG_FINE && strchr(c->source, '/'))
		trouble = open_file(t, c->source, why);
	else if (trouble == PFLOG_FINE)
		trouble = open_interface(t, c->source, why);
	if (trouble == PFLOG_FINE)
		trouble = check_link(t, why);
	if (trouble == PFLOG_FINE)
		*out = t;
	else
		pflog_close(t);
	return trouble;
}

void pflog_close(struct pflog_tap *t)
{
	if (!t)
		return;
	if (t->has_filter)
		pcap_freecode(&t->filter);
	if (t->pcap)
		pcap_close(t->pcap);
	free(t);
}

int pflog_fd(const struct pflog_tap *t)
{
	return t->fd;
}

static bool passes_filter(const struct pflog_tap *t, const struct pcap_pkthdr *h,
			  const struct pflog *record)
{
	struct pcap_pkthdr inner = *h;

	if (!t->has_filter)
		return true;
	inner.len -= h->caplen - (bpf_u_int32)record->len;
	inner.caplen = (bpf_u_int32)record->len;
	return pcap_offline_filter(&t->filter, &inner, record->ip) != 0;
}

/* False when the record is none for the caller; then it has been counted. */
static bool take(struct pflog_tap *t, const struct pcap_pkthdr *h, const u_char *bytes,
		 struct held *out, uint8_t *copy)
{
	struct pflog record;

	if (!pflog_parse(bytes, h->caplen, &record) ||
	    (record.action != PFLOG_PASS && record.action != PFLOG_BLOCK) ||
	    record.direction == PFLOG_EITHER) {
		t->counts.odd++;
		return false;
	}
	if (record.direction == PFLOG_OUT) {
		t->counts.outgoing++;
		return false;
	}
	if (!passes_filter(t, h, &record)) {
		t->counts.filtered++;
		return false;
	}
	*out = (struct held){ .fate = record.action == PFLOG_PASS ? HELD_PASSED
								  : HELD_BLOCKED };
	out->len = record.len < PFLOG_COPY_BYTES ? record.len : PFLOG_COPY_BYTES;
	out->bytes = copy;
	memcpy(copy, record.ip, out->len);
	t->counts.packets++;
	return true;
}

/* A capture is read as long as there is something in it; libpcap would wait for more. */
static bool is_empty(const struct pflog_tap *t)
{
	struct pollfd p = { .fd = t->fd, .events = POLLIN };

	return !t->is_live && poll(&p, 1, 0) <= 0;
}

static void note_end(struct pflog_tap *t, int status)
{
	bool is_end = status == PCAP_ERROR_BREAK;

	snprintf(t->why, sizeof(t->why), "%s",
		 is_end ? "the capture is at its end" : pcap_geterr(t->pcap));
	t->ended = is_end ? -EPIPE : -EIO;
}

int pflog_read(struct pflog_tap *t, struct held batch[PFLOG_BATCH], bool *drained)
{
	int packets = 0;

	*drained = false;
	for (unsigned i = 0; i < RECORDS_PER_READ && packets < PFLOG_BATCH; i++) {
		struct pcap_pkthdr *header;
		const u_char *bytes;
		int got = 0;

		if (t->ended == 0 && !is_empty(t))
			got = pcap_next_ex(t->pcap, &header, &bytes);
		if (got < 0)
			note_end(t, got);
		*drained = got != 1;
		if (got != 1)
			break;
		if (take(t, header, bytes, &batch[packets], t->copy[packets]))
			packets++;
	}
	/* What was read comes first; the end shows in the next read. */
	return packets == 0 && t->ended != 0 ? t->ended : packets;
}

const char *pflog_why(const struct pflog_tap *t)
{
	return t->why;
}

struct pflog_counts pflog_count(const struct pflog_tap *t)
{
	struct pflog_counts counts = t->counts;
	struct pcap_stat stat;

	/* Refused for captures, and at some systems for interfaces that went away. */
	if (t->is_live && pcap_stats(t->pcap, &stat) == 0)
		counts.drops = (uint64_t)stat.ps_drop + stat.ps_ifdrop;
	return counts;
}
