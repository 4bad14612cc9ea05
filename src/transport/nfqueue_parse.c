/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * nfqueue_parse.c - what the kernel tells of a queued packet, and of a queue
 */
#include "transport/nfqueue.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Before any header of the library: they share an include guard, and its copy is older.
 */
#include <linux/netfilter/nfnetlink_queue.h>

#include <libmnl/libmnl.h>
#include <linux/netfilter/nfnetlink.h>

#include "transport/nfqueue_int.h"

enum { PAGE_BYTES = 4096 };

static bool take_attr(const struct nlattr *attr, struct held *out, bool *has_id)
{
	const uint8_t *payload = mnl_attr_get_payload(attr);
	size_t len = mnl_attr_get_payload_len(attr);
	uint16_t type = mnl_attr_get_type(attr);
	uint32_t word;

	switch (type) {
	case NFQA_PACKET_HDR:
		if (len < sizeof(struct nfqnl_msg_packet_hdr))
			return false;
		memcpy(&word, payload, sizeof(word)); /* packet_id comes first */
		out->ticket.id = ntohl(word);
		*has_id = true;
		return true;
	case NFQA_IFINDEX_INDEV:
	case NFQA_MARK:
		if (len < sizeof(word))
			return false;
		memcpy(&word, payload, sizeof(word));
		*(type == NFQA_MARK ? &out->mark : &out->ifindex) = ntohl(word);
		return true;
	case NFQA_PAYLOAD:
		out->bytes = payload;
		out->len = len;
		return true;
	default:
		return true;
	}
}

bool nfqueue_parse(const uint8_t *bytes, size_t len, struct held *out)
{
	const struct nlmsghdr *msg = (const void *)bytes;
	size_t at = MNL_NLMSG_HDRLEN + MNL_ALIGN(sizeof(struct nfgenmsg));
	bool has_id = false;

	*out = (struct held){ 0 };
	/* libmnl compares the length as int, and takes padding behind the message for a
	 * part of it: both checks are ours. */
	if (len > INT32_MAX || !mnl_nlmsg_ok(msg, (int)len) || msg->nlmsg_len > len ||
	    msg->nlmsg_type != (NFNL_SUBSYS_QUEUE << 8 | NFQNL_MSG_PACKET) ||
	    msg->nlmsg_len < at)
		return false;
	while (at < msg->nlmsg_len) {
		const struct nlattr *attr = (const void *)(bytes + at);

		if (!mnl_attr_ok(attr, (int)(msg->nlmsg_len - at)) ||
		    !take_attr(attr, out, &has_id))
			return false;
		at += MNL_ALIGN(attr->nla_len);
	}
	return has_id;
}

int nfqueue_proc_open(void)
{
	return open("/proc/net/netfilter/nfnetlink_queue", O_RDONLY | O_CLOEXEC);
}

/* Columns: queue, port id, waiting, copy mode, copy range, dropped because full, dropped
 * because our buffer was, id sequence, 1 (kernel: seq_show() in nfnetlink_queue.c). */
static bool read_line(const char *line, uint16_t num,
		      unsigned long column[NFQUEUE_PROC_COLUMNS])
{
	char *at = (char *)(uintptr_t)line;

	for (unsigned i = 0; i < NFQUEUE_PROC_COLUMNS; i++)
		column[i] = strtoul(at, &at, 10);
	return column[0] == num;
}

bool nfqueue_proc_line(int fd, uint16_t num, unsigned long column[NFQUEUE_PROC_COLUMNS])
{
	char text[PAGE_BYTES + 1];
	ssize_t len;

	if (lseek(fd, 0, SEEK_SET) < 0)
		return false;
	/* Into a page the kernel puts whole lines only (seq_read_iter()). */
	while ((len = read(fd, text, PAGE_BYTES)) > 0) {
		text[len] = '\0';
		for (const char *line = text; *line; line += strcspn(line, "\n") + 1) {
			if (read_line(line, num, column))
				return true;
			if (!strchr(line, '\n'))
				break;
		}
	}
	return false;
}
