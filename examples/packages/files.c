/* SPDX-License-Identifier: Apache-2.0
 *
 * Reads the file lists of packages: info/NAME.list (or NAME:ARCHITECTURE.list) has a path a line, NAME.md5sums a checksum
 * and a path without its first slash.
 */
#include "parse.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The sums of one package, sorted by path. */
typedef struct Sums {
    struct Sum {
        const char *path, *md5;
    } * items;
    size_t count;
} Sums;

static int by_path(const void *a, const void *b) {
    return strcmp(((const struct Sum *)a)->path, ((const struct Sum *)b)->path);
}

/* The text of info/NAME.SUFFIX; NULL when the package has none. */
static char *info_file(Catalog *c, const char *root, const Record *r, const char *suffix) {
    char path[4096];
    snprintf(path, sizeof path, "%s/info/%s:%s.%s", root, r->name, r->architecture, suffix);
    char *text = pool_file(&c->pool, path);
    if (text)
        return text;
    snprintf(path, sizeof path, "%s/info/%s.%s", root, r->name, suffix);
    return pool_file(&c->pool, path);
}

static void read_sums(Sums *sums, char *text) {
    sums->count = 0;
    if (!text)
        return;
    for (char *line; (line = next_line(&text));) {
        char *space = strchr(line, ' ');
        if (!space)
            continue;
        *space = '\0';
        sums->items = grow(sums->items, sums->count, sizeof *sums->items);
        sums->items[sums->count++] = (struct Sum){trim(space + 1), line};
    }
    if (sums->count)
        qsort(sums->items, sums->count, sizeof *sums->items, by_path);
}

static const char *sum_of(const Sums *sums, const char *path) {
    struct Sum wanted = {path + 1, NULL};
    if (!sums->count)
        return NULL;
    const struct Sum *found = bsearch(&wanted, sums->items, sums->count, sizeof *sums->items, by_path);
    return found ? found->md5 : NULL;
}

/* The path up to its last slash.  Neighbours in a list mostly share it: `last` is the one before. */
static const char *directory_of(Catalog *c, const char *path, const char *last) {
    const char *slash = strrchr(path, '/');
    size_t size = slash && slash != path ? (size_t)(slash - path) : 1;
    if (last && strlen(last) == size && memcmp(last, path, size) == 0)
        return last;
    return pool_text(&c->pool, path, size);
}

static void read_list(Catalog *c, size_t package, char *text, const Sums *sums) {
    const char *directory = NULL;
    for (char *path; (path = next_line(&text));) {
        if (*path != '/' || strcmp(path, "/.") == 0)
            continue;
        directory = directory_of(c, path, directory);
        c->files = grow(c->files, c->file_count, sizeof *c->files);
        c->files[c->file_count++] = (Entry){package, path, directory, sum_of(sums, path)};
    }
}

void read_files(Catalog *c, const char *root) {
    Sums sums = {0};
    for (size_t i = 0; i < c->package_count; i++) {
        char *list = info_file(c, root, &c->packages[i], "list");
        if (!list)
            continue;
        read_sums(&sums, info_file(c, root, &c->packages[i], "md5sums"));
        read_list(c, i, list, &sums);
    }
    free(sums.items);
}
