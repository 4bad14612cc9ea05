/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plan.c - settings, policy, lists, keys: all of them or none
 */
#include "daemon/plan_int.h"

#include <stdio.h>
#include <string.h>

static bool complain_outside(struct complaint *why, const struct settings *s,
			     unsigned line, const char *path)
{
	why->kind = COMPLAINT_FILE;
	snprintf(why->text, sizeof(why->text),
		 "%s:%u: \"%s\" lies outside of the folders that were named when "
		 "mxallowd started, and it can open no others: restart",
		 s->file, line, path);
	return false;
}

static bool can_read(const struct priv_plan *p, const struct settings *s,
		     struct complaint *why)
{
	const struct setting_many *many = s->many;

	for (unsigned i = 0; many && i < many->lists; i++) {
		const struct setting_list *l = &many->list[i];

		if (l->file[0] != '\0' && !priv_reaches(p, l->file, PRIV_READ))
			return complain_outside(why, s, l->head.line, l->file);
	}
	for (unsigned i = 0; many && i < many->votes; i++) {
		const struct setting_vote *v = &many->vote[i];

		if (v->listen.kind == ENDPOINT_TCP &&
		    !priv_reaches(p, v->key_file, PRIV_READ))
			return complain_outside(why, s, v->head.line, v->key_file);
	}
	return true;
}

bool plan_read(struct plan *p, const struct arguments *args,
	       const struct priv_plan *reach, struct complaint *why)
{
	memset(p, 0, sizeof(*p));
	if (!arguments_settings(args, &p->settings, why))
		return false;
	conf_compile(&p->settings, &p->policy);
	if ((!reach || can_read(reach, &p->settings, why)) &&
	    conf_compile_lists(&p->settings, &p->lists, why) &&
	    (args->mode == ARGUMENTS_REPLAY ||
	     conf_compile_votes(&p->settings, &p->votes, why)))
		return true;
	plan_free(p);
	return false;
}

void plan_free(struct plan *p)
{
	lists_free(p->lists);
	conf_free(&p->settings);
	memset(p, 0, sizeof(*p));
}

bool plan_needs_names(const struct plan *p)
{
	return p->policy.siblings_max > 0 || (p->lists && lists_have_names(p->lists));
}

bool plan_may_meet(const struct plan *p, enum verdict v)
{
	if (p->policy.fake_action == v || p->policy.penalty.action == v)
		return true;
	for (unsigned i = 0; i < p->policy.queues; i++)
		if (p->policy.queue[i].deny == v)
			return true;
	for (uint16_t i = 0; p->lists && i < lists_count(p->lists); i++)
		if (lists_at(p->lists, i)->action == LIST_DENY &&
		    lists_at(p->lists, i)->deny == v)
			return true;
	return false;
}
