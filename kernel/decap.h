/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The wire, outer headers off.
 */
#ifndef PMIP6_DECAP_H
#define PMIP6_DECAP_H

/**
 * pmip6_decap_init() - module init: take next header 41 for our tunnels
 *
 * Context: process.
 * Return: 0 or a negative error.
 */
int pmip6_decap_init(void);

/**
 * pmip6_decap_exit() - module exit
 *
 * Context: process. Sleeps until no packet is on its way through.
 */
void pmip6_decap_exit(void);

#endif /* PMIP6_DECAP_H */
