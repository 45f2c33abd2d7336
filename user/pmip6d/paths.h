/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Where things are unless configuration says otherwise.
 */
#ifndef PMIP6D_PATHS_H
#define PMIP6D_PATHS_H

#define DEFAULT_CONTROL_SOCKET	"/run/pmip6/pmip6d.sock"
#define DEFAULT_STATE_DIRECTORY	"/var/lib/pmip6"

#endif /* PMIP6D_PATHS_H */
