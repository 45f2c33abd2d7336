/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How each type of message is read and written.
 */
#ifndef PMIP6_MH_CODEC_H
#define PMIP6_MH_CODEC_H

#include "cursor.h"
#include "mh.h"

/**
 * struct mh_codec - of one type
 * @least_octets: the least that there are of it, counted as its Header Len
 *	field does (RFC 6275 9.2)
 * @parse: reads what follows the checksum into its member of the union, which
 *	is zero; the cursor ends where the message ends
 * @build: writes that; padding at the end is not its matter
 */
struct mh_codec {
	uint8_t least_octets;
	enum mh_error (*parse)(struct cursor *cursor,
			       struct mh_message *message);
	void (*build)(struct builder *builder,
		      const struct mh_message *message);
};

extern const struct mh_codec mh_codec_heartbeat;
extern const struct mh_codec mh_codec_revocation;
extern const struct mh_codec mh_codec_update_notification;
extern const struct mh_codec mh_codec_update_ack;

#endif /* PMIP6_MH_CODEC_H */
