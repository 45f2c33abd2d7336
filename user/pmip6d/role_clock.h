/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What an operator is told of this machine's clock, by which a role orders
 * updates (RFC 5213 5.5).
 */
#ifndef PMIP6D_ROLE_CLOCK_H
#define PMIP6D_ROLE_CLOCK_H

struct json_object;

/**
 * role_clock_check() - warn of a clock that nothing keeps
 * @role: for which role; a constant string
 */
void role_clock_check(const char *role);

/**
 * role_clock_put() - add "clock-synchronized" and "clock-error-max-us"
 * @object: where to
 */
void role_clock_put(struct json_object *object);

#endif /* PMIP6D_ROLE_CLOCK_H */
