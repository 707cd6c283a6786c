/* SPDX-License-Identifier: Apache-2.0
 *
 * Reads dpkg's status file: paragraphs of "Field: value" lines, continued by lines that begin with a space, an empty line
 * between two packages.
 */
#include "parse.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- fields ---- */

static Priority priority_of(const char *text) {
    for (int i = 0; i < 5; i++)
        if (strcmp(priority_names[i], text) == 0)
            return (Priority)i;
    return OPTIONAL;
}

static void read_field(Record *r, bool *installed, const char *field, char *value) {
    const struct {
        const char *field;
        const char **to;
    } texts[] = {{"Package", &r->name},           {"Version", &r->version},   {"Architecture", &r->architecture},
                 {"Section", &r->section_name},   {"Homepage", &r->homepage}, {"Maintainer", &r->maintainer_text},
                 {"Description", &r->description}};
    const char *const wants[] = {"Depends", "Pre-Depends", "Recommends"};

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (strcmp(field, texts[i].field) == 0)
            *texts[i].to = value;
    for (int i = 0; i < 3; i++)
        if (strcmp(field, wants[i]) == 0)
            r->wants[i] = value;
    if (strcmp(field, "Priority") == 0)
        r->priority = priority_of(value);
    else if (strcmp(field, "Essential") == 0)
        r->essential = strcmp(value, "yes") == 0;
    else if (strcmp(field, "Installed-Size") == 0)
        r->installed_size = strtoll(value, NULL, 10);
    else if (strcmp(field, "Status") == 0)
        *installed = strstr(value, " installed") != NULL;
}

/* One paragraph; false at the end of the file.  Of continued values the first line is kept. */
static bool read_paragraph(char **at, Record *r, bool *installed) {
    *r = (Record){.installed_size = -1,
                  .priority = OPTIONAL,
                  .version = "",
                  .architecture = "all",
                  .description = "",
                  .section_name = "unknown",
                  .maintainer_text = "nobody"};
    *installed = false;
    char *line = next_line(at);
    if (!line)
        return false;
    for (; line && *line; line = next_line(at)) {
        char *colon = strchr(line, ':');
        if (*line == ' ' || !colon)
            continue;
        *colon = '\0';
        read_field(r, installed, line, trim(colon + 1));
    }
    return true;
}

/* ---- sections and maintainers: each once ---- */

static size_t section_position(Catalog *c, const char *name) {
    for (size_t i = 0; i < c->section_count; i++)
        if (strcmp(c->sections[i], name) == 0)
            return i;
    c->sections = grow(c->sections, c->section_count, sizeof *c->sections);
    c->sections[c->section_count] = name;
    return c->section_count++;
}

/* "Name <address>" */
static Person person_of(Catalog *c, const char *text) {
    size_t name = strcspn(text, "<");
    const char *email = text + name + (text[name] == '<');
    while (name && text[name - 1] == ' ')
        name--;
    return (Person){pool_text(&c->pool, text, name), pool_text(&c->pool, email, strcspn(email, ">"))};
}

static size_t maintainer_position(Catalog *c, const char *text) {
    Person person = person_of(c, text);
    for (size_t i = 0; i < c->maintainer_count; i++)
        if (strcmp(c->maintainers[i].name, person.name) == 0 && strcmp(c->maintainers[i].email, person.email) == 0)
            return i;
    c->maintainers = grow(c->maintainers, c->maintainer_count, sizeof *c->maintainers);
    c->maintainers[c->maintainer_count] = person;
    return c->maintainer_count++;
}

/* ---- packages ---- */

static int by_name(const void *a, const void *b) {
    const Record *x = a, *y = b;
    int order = strcmp(x->name, y->name);
    return order ? order : strcmp(x->architecture, y->architecture);
}

static void read_packages(Catalog *c, char *status) {
    Record r;
    for (bool installed; read_paragraph(&status, &r, &installed);) {
        if (!installed || !r.name)
            continue;
        r.section = section_position(c, r.section_name);
        r.maintainer = maintainer_position(c, r.maintainer_text);
        c->packages = grow(c->packages, c->package_count, sizeof *c->packages);
        c->packages[c->package_count++] = r;
    }
    if (c->package_count)
        qsort(c->packages, c->package_count, sizeof *c->packages, by_name);
}

/* The package of that name, best of that architecture; package_count when none is installed. */
static size_t find_package(const Catalog *c, const char *name, const char *architecture) {
    size_t low = 0, high = c->package_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (strcmp(c->packages[middle].name, name) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == c->package_count || strcmp(c->packages[low].name, name) != 0)
        return c->package_count;
    for (size_t i = low; i < c->package_count && strcmp(c->packages[i].name, name) == 0; i++)
        if (strcmp(c->packages[i].architecture, architecture) == 0)
            return i;
    return low;
}

/* ---- dependencies ---- */

/* A second wish for the same package adds its version: "(>= 1)", then "(>= 1) (<< 2)". */
static void add_version(Catalog *c, Link *link, const char *version) {
    if (!version || !link->version) {
        link->version = version ? version : link->version;
        return;
    }
    size_t size = strlen(link->version) + strlen(version) + 2;
    char *both = pool_bytes(&c->pool, size);
    snprintf(both, size, "%s %s", link->version, version);
    link->version = both;
}

static void add_link(Catalog *c, size_t first, Link link) {
    for (size_t i = first; i < c->link_count; i++)
        if (c->links[i].target == link.target && c->links[i].kind == link.kind) {
            add_version(c, &c->links[i], link.version);
            return;
        }
    c->links = grow(c->links, c->link_count, sizeof *c->links);
    c->links[c->link_count++] = link;
}

/* "libc6:any (>= 2.36)": a wish for an installed package becomes a link; virtual packages are left out. */
static void read_wish(Catalog *c, size_t package, Kind kind, size_t first, char *wish) {
    const char *open = strchr(wish, '(');
    const char *version = open ? pool_text(&c->pool, open, strcspn(open, ")") + 1) : NULL;
    wish[strcspn(wish, " (:")] = '\0';
    size_t target = find_package(c, wish, c->packages[package].architecture);
    if (target != c->package_count && target != package)
        add_link(c, first, (Link){package, target, kind, version});
}

/* "a (>= 1), b | c": all that are installed count, alternatives too. */
static void read_wishes(Catalog *c, size_t package) {
    size_t first = c->link_count;
    for (int kind = 0; kind < 3; kind++) {
        char *save = NULL, *list = c->packages[package].wants[kind];
        for (char *wish = list ? strtok_r(list, ",|", &save) : NULL; wish; wish = strtok_r(NULL, ",|", &save))
            read_wish(c, package, (Kind)kind, first, trim(wish));
    }
}

/* ---- the whole ---- */

bool catalog_read(Catalog *c, const char *root) {
    char path[4096];
    *c = (Catalog){0};
    snprintf(path, sizeof path, "%s/status", root);
    char *status = pool_file(&c->pool, path);
    if (!status) {
        fprintf(stderr, "packages: %s: %s\n", path, strerror(errno));
        return false;
    }
    read_packages(c, status);
    if (!c->package_count) {
        fprintf(stderr, "packages: %s: no installed package in it\n", path);
        return false;
    }
    for (size_t i = 0; i < c->package_count; i++)
        read_wishes(c, i);
    read_files(c, root);
    return true;
}

size_t catalog_rows(const Catalog *c) {
    return c->section_count + c->maintainer_count + c->package_count + c->link_count + c->file_count;
}

void catalog_free(Catalog *c) {
    free(c->sections);
    free(c->maintainers);
    free(c->packages);
    free(c->links);
    free(c->files);
    pool_free(&c->pool);
    *c = (Catalog){0};
}
