// SPDX-License-Identifier: GPL-2.0
#include "dataplane.h"

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
