// SPDX-License-Identifier: GPL-2.0
#include <ctype.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../fuzz.h"
#include "file.h"

const char *file_of(const uint8_t *data, size_t size)
{
	static char path[32];
	static int fd = -1;

	if (fd < 0) {
		fd = memfd_create("input", MFD_CLOEXEC);
		REQUIRE(fd >= 0);
		snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	}
	REQUIRE(!ftruncate(fd, 0));
	REQUIRE(pwrite(fd, data, size, 0) == (ssize_t)size);
	return path;
}

void said_begin(struct said *said)
{
	said->text = NULL;
	said->file = open_memstream(&said->text, &said->size);
	REQUIRE(said->file);
}

/* Values that are quoted may have line feeds in them. */
void said_end(struct said *said, const char *path, bool good)
{
	size_t len = strlen(path);
	const char *at;

	REQUIRE(!fclose(said->file));
	REQUIRE(good == !said->size);
	if (good)
		return;
	REQUIRE(!strncmp(said->text, path, len) && said->text[len] == ':');
	for (at = said->text + len + 1; isdigit((unsigned char)*at); at++)
		;
	if (at > said->text + len + 1)
		REQUIRE(*at++ == ':');
	REQUIRE(at[0] == ' ' && at[1] && at[1] != '\n');
	REQUIRE(said->text[said->size - 1] == '\n');
}
