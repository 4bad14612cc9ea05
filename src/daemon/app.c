/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * app.c - carry out what the core wished, tell how things stand
 */
#include "daemon/app_int.h"

#include "daemon/clock_int.h"

static void log_sibling(struct app *app, const struct addr *who,
			const struct dns_answer *heard)
{
	char sibling[ADDR_TEXT_MAX], of[ADDR_TEXT_MAX];

	log_note(app->log, "sibling src=%s of=%s name=%s", addr_format(who, sibling),
		 addr_format(&heard->who, of), heard->name);
}

void app_apply(struct app *app, const struct effects *fx, const struct dns_answer *heard,
	       struct mono now)
{
	char text[ADDR_TEXT_MAX];

	for (unsigned i = 0; i < fx->count; i++) {
		switch (fx->list[i].kind) {
		case EFFECT_ASK_NAMES:
			log_trace(app->log, "asking names src=%s",
				  addr_format(&fx->list[i].who, text));
			if (app->resolver)
				resolver_ask(app->resolver, &fx->list[i].who, now);
			break;
		case EFFECT_ADMITTED:
			if (heard)
				log_sibling(app, &fx->list[i].who, heard);
			break;
		}
	}
	app->stats.lost_wishes += fx->lost;
}

void app_hear_names(struct app *app)
{
	struct mono now = mono_now();
	char text[ADDR_TEXT_MAX];
	struct dns_answer heard;

	while (resolver_collect(app->resolver, &heard)) {
		struct effects fx = { .count = 0 };

		log_talk(app->log, "confirmed src=%s name=%s addresses=%u",
			 addr_format(&heard.who, text), heard.name, heard.count);
		gate_hear_names(app->gate, &heard.who, heard.siblings, heard.count, now, &fx);
		app_apply(app, &fx, &heard, now);
	}
}

static void log_queue_counters(struct app *app)
{
	struct nfqueue_counts q = nfqueue_count(app->queue);
	uint32_t full = 0, buffer = 0;

	(void)nfqueue_kernel_drops(app->queue, &full, &buffer);
	log_note(app->log,
		 "counters queue packets=%llu owed=%u overruns=%llu gone=%llu odd=%llu "
		 "unsent=%llu kernel-full=%u kernel-buffer=%u",
		 (unsigned long long)q.packets, nfqueue_owed(app->queue),
		 (unsigned long long)q.overruns, (unsigned long long)q.gone,
		 (unsigned long long)q.odd, (unsigned long long)q.unsent, full, buffer);
}

static void log_resolver_counters(struct app *app)
{
	struct resolver_counts r = resolver_count(app->resolver);

	log_note(app->log,
		 "counters resolver asked=%llu remembered=%llu limited=%llu dropped=%llu "
		 "confirmed=%llu unconfirmed=%llu failed=%llu",
		 (unsigned long long)r.asked, (unsigned long long)r.remembered,
		 (unsigned long long)r.limited, (unsigned long long)r.dropped,
		 (unsigned long long)r.confirmed, (unsigned long long)r.unconfirmed,
		 (unsigned long long)r.failed);
}

void app_log_statistics(struct app *app)
{
	struct gate_counts g = gate_count(app->gate);

	stats_log(&app->stats, app->log);
	stats_log_reasons(&app->stats, app->log);
	log_note(app->log, "counters table entries=%u used=%u evicted=%llu log-lost=%llu",
		 g.entries, g.used, (unsigned long long)g.evicted,
		 (unsigned long long)log_lost(app->log));
	log_queue_counters(app);
	if (app->injector) {
		struct inject_counts i = inject_count(app->injector);

		log_note(app->log, "counters resets sent=%llu refused=%llu capped=%llu "
				   "failed=%llu",
			 (unsigned long long)i.sent, (unsigned long long)i.refused,
			 (unsigned long long)i.capped, (unsigned long long)i.failed);
	}
	if (app->resolver)
		log_resolver_counters(app);
}

/* Once a second. A burst of losses is told when it begins, not every second it lasts. What
 * the kernel drops without a word shows in /proc only, which is looked at less often. */
void app_watch_queue(struct app *app)
{
	struct queue_told *told = &app->told;
	struct nfqueue_counts q = nfqueue_count(app->queue);
	uint32_t full = told->full, buffer = told->buffer;
	bool is_trouble;

	if (q.overruns != told->overruns || told->is_burst || ++told->seconds >= 10) {
		told->seconds = 0;
		(void)nfqueue_kernel_drops(app->queue, &full, &buffer);
	}
	is_trouble = q.overruns != told->overruns || full != told->full ||
		     buffer != told->buffer;
	if (is_trouble && !told->is_burst)
		log_bad(app->log,
			"queue %d overrun: packets come faster than they are read "
			"(overruns=%llu kernel-full=%u kernel-buffer=%u); raise queue-maxlen "
			"and net.core.rmem_max when this goes on",
			app->settings.queue_num, (unsigned long long)q.overruns, full, buffer);
	told->overruns = q.overruns;
	told->full = full;
	told->buffer = buffer;
	told->is_burst = is_trouble;
}
