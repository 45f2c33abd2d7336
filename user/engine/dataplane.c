// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>

#include "dataplane.h"

void dataplane_dump_free(struct dataplane_dump *dump)
{
	size_t i;

	for (i = 0; i < dump->count; i++)
		free(dump->bindings[i].more);
	free(dump->bindings);
	free(dump->sets);
	*dump = (struct dataplane_dump){ 0 };
}

void dataplane_delete_stray(const struct mh_prefix *hnp, struct outbox *out)
{
	struct transaction *transaction = transaction_new(out, NULL);
	struct report *report;
	struct effect *effect;

	effect = transaction_add(transaction, EFFECT_BINDING_DELETE);
	effect->binding.hnp = *hnp;
	report = transaction_report(transaction, REPORT_INFO, "stray-deleted",
				    NULL);
	report->has_hnp = true;
	report->hnp = *hnp;
}

void dataplane_delete_stray_set(uint32_t id, struct outbox *out)
{
	struct transaction *transaction = transaction_new(out, NULL);

	transaction_add(transaction, EFFECT_EXPIRY_SET_DELETE)->set.id = id;
	transaction_report(transaction, REPORT_INFO, "stray-set-deleted",
			   NULL);
}
