/* SPDX-License-Identifier: Apache-2.0
 *
 * A program that carries revisions behind its end: they are found, and what was compiled is loaded from memory.
 */
#include "cli/migrate/bundled.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

const volatile char mig_seal[MIG_SEAL + 1] = "athanor: revisions behind my end";

static bool is_sealed(void) {
    return mig_seal[MIG_SEAL - 1] != 'd';
}

typedef struct record {
    char kind;
    const char *name, *checksum; /* NULL: none */
    const char *data;            /* of an object, in the mapping; of all else, with a NUL behind it */
    size_t size;
} record;

static ath_status damaged(ath_error *error) {
    return ath__fail(error, ATH_INTERNAL,
                     "This bundle is damaged" ATH__HINT "copy it again; `strip` must not be run over it");
}

/* ---- reading ---- */

static bool read_at(int file, char *to, size_t size, off_t at) {
    while (size) {
        ssize_t n = pread(file, to, size, at);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        to += n;
        at += n;
        size -= (size_t)n;
    }
    return true;
}

/* The list of records, as the file has it: shared objects are large, and need not be read twice. */
typedef struct mapping {
    void *pages;
    size_t size; /* of the pages */
    const char *list, *end;
} mapping;

/* Finds the list of an open file; without one, or with an error, there is no mapping. */
static void map_list(int file, mapping *out, ath_error *error) {
    char tail[MIG_TAIL + 1] = "", *end;
    struct stat about;
    *out = (mapping){NULL, 0, NULL, NULL};
    if (fstat(file, &about) != 0 || about.st_size < MIG_TAIL ||
        !read_at(file, tail, MIG_TAIL, about.st_size - MIG_TAIL) || memcmp(tail, MIG_BUNDLE_MARK, MIG_TAIL_MARK) != 0)
        return;
    unsigned long long length = strtoull(tail + MIG_TAIL_MARK, &end, 16);
    if (*end || length > (unsigned long long)(about.st_size - MIG_TAIL)) {
        damaged(error);
        return;
    }
    size_t at = (size_t)(about.st_size - MIG_TAIL) - (size_t)length, lead = at % (size_t)sysconf(_SC_PAGESIZE);
    void *pages = mmap(NULL, lead + (size_t)length + 1, PROT_READ, MAP_PRIVATE, file, (off_t)(at - lead));
    if (pages == MAP_FAILED) {
        ath__fail_memory(error);
        return;
    }
    *out = (mapping){pages, lead + (size_t)length + 1, (const char *)pages + lead,
                     (const char *)pages + lead + (size_t)length};
}

/* "KIND SIZE CHECKSUM NAME" */
static ath_status read_line(mig_bundled *b, const char *line, size_t size, record *out, ath_error *error) {
    char *text = ath__arena_strn(&b->arena, line, size), *size_end;
    if (!text)
        return ath__fail_memory(error);
    if (size < 6 || text[1] != ' ')
        return damaged(error);
    out->kind = text[0];
    out->size = (size_t)strtoull(text + 2, &size_end, 10);
    char *checksum = size_end + 1, *blank = *size_end == ' ' ? strchr(checksum, ' ') : NULL;
    if (!blank)
        return damaged(error);
    *blank = '\0';
    out->checksum = strcmp(checksum, "-") != 0 ? checksum : NULL;
    out->name = blank + 1;
    return ATH_OK;
}

/* Takes the next record off the list. */
static ath_status next_record(mig_bundled *b, const char **at, const char *end, record *out, ath_error *error) {
    const char *stop = memchr(*at, '\n', (size_t)(end - *at));
    if (!stop)
        return damaged(error);
    ATH_TRY(read_line(b, *at, (size_t)(stop - *at), out, error));
    if (out->size > (size_t)(end - stop - 1))
        return damaged(error);
    out->data = stop + 1;
    *at = stop + 1 + out->size;
    if (out->kind != 'R' && out->kind != 'E' && !(out->data = ath__arena_strn(&b->arena, stop + 1, out->size)))
        return ath__fail_memory(error);
    return ATH_OK;
}

static ath_status read_records(mig_bundled *b, const mapping *m, record **out, size_t *count, ath_error *error) {
    size_t room = 16;
    *count = 0;
    *out = ath__arena_alloc(&b->arena, room * sizeof **out);
    for (const char *at = m->list; *out && at < m->end;) {
        if (*count == room) {
            record *more = ath__arena_alloc(&b->arena, 2 * room * sizeof *more);
            if (!more)
                return ath__fail_memory(error);
            memcpy(more, *out, room * sizeof *more);
            *out = more;
            room *= 2;
        }
        ATH_TRY(next_record(b, &at, m->end, &(*out)[(*count)++], error));
    }
    return *out ? ATH_OK : ath__fail_memory(error);
}

/* ---- loading ---- */

static bool write_all(int file, const char *data, size_t size) {
    while (size) {
        ssize_t n = write(file, data, size);
        if (n < 0 && errno != EINTR)
            return false;
        data += n > 0 ? n : 0;
        size -= n > 0 ? (size_t)n : 0;
    }
    return true;
}

/* A shared object from memory, or where that is forbidden from a file that is gone again.  The descriptor stays open: its
 * number is the name that the loader knows the object by. */
static void *load_object(const record *r) {
    char path[64] = "";
    void *library = NULL;
    int file = memfd_create("revisions", MFD_CLOEXEC);
    if (file >= 0 && write_all(file, r->data, r->size)) {
        snprintf(path, sizeof path, "/proc/self/fd/%d", file);
        library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    }
    if (library)
        return library;
    if (file >= 0)
        close(file);
    snprintf(path, sizeof path, "/tmp/athanor-bundle-XXXXXX");
    file = mkostemp(path, O_CLOEXEC);
    if (file < 0)
        return NULL;
    if (write_all(file, r->data, r->size))
        library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    close(file);
    unlink(path);
    return library;
}

typedef const ath_revision_part *const *part_list;

/* A revision as the bundle knows it: where it came from, its file's name and checksum. */
static const ath_revision *told(mig_bundled *b, const ath_revision *from, const ath__map *records) {
    ath_revision *revision = ath__arena_alloc(&b->arena, sizeof *revision);
    const record *r = ath__map_get(records, from->id, strlen(from->id));
    if (!revision)
        return NULL;
    *revision = *from;
    if (r) {
        revision->file = r->data;
        revision->checksum = r->checksum;
    }
    return revision;
}

/* The parts of a shared object; those of one revision stand together. */
static ath_status copy_parts(mig_bundled *b, const ath_revision_part *const *from, size_t count,
                             const ath__map *records, const ath_revision_part **out, ath_error *error) {
    const ath_revision *last = NULL, *copy = NULL;
    ath_revision_part *parts = ath__arena_alloc(&b->arena, (count + 1) * sizeof *parts);
    if (!parts)
        return ath__fail_memory(error);
    for (size_t i = 0; i < count; i++) {
        if (!from[i])
            continue;
        parts[i] = *from[i];
        out[i] = &parts[i];
        if (!parts[i].revision)
            continue;
        if (parts[i].revision != last)
            copy = told(b, parts[i].revision, records);
        if (!copy)
            return ath__fail_memory(error);
        last = parts[i].revision;
        parts[i].revision = copy;
    }
    return ATH_OK;
}

static ath_status load_parts(mig_bundled *b, const record *r, const ath__map *records, ath_error *error) {
    part_list ends[2] = {NULL, NULL};
    void *library = load_object(r);
    const void *at = library ? dlsym(library, "ath_loaded_revisions") : NULL;
    if (!at) {
        const char *why = dlerror();
        return ath__fail(error, ATH_STATE, "the revisions of this bundle cannot be loaded: %s",
                         why ? why : "no reason given");
    }
    memcpy(ends, at, sizeof ends);
    size_t before = (size_t)(b->revisions.end - b->revisions.first), n = ends[0] ? (size_t)(ends[1] - ends[0]) : 0;
    const ath_revision_part **all = ath__arena_zero(&b->arena, (before + n + 1) * sizeof *all);
    if (!all)
        return ath__fail_memory(error);
    for (size_t i = 0; i < before; i++)
        all[i] = b->revisions.first[i];
    ATH_TRY(copy_parts(b, ends[0], n, records, all + before, error));
    b->revisions.first = all;
    b->revisions.end = all + before + n;
    return ATH_OK;
}

static ath_status take_records(mig_bundled *b, record *records, size_t count, ath__map *by_id, ath_error *error) {
    ath_revision_text *texts = ath__arena_alloc(&b->arena, (count + 1) * sizeof *texts);
    static const ath_revision_part *const none[] = {NULL};
    b->settings = ath__arena_alloc(&b->arena, (count + 1) * sizeof *b->settings);
    if (!texts || !b->settings)
        return ath__fail_memory(error);
    b->revisions = (ath_revision_set){none, none, texts, 0};
    for (size_t i = 0; i < count; i++) {
        record *r = &records[i];
        if (r->kind == 'C')
            ATH_TRY(ath__map_put(by_id, r->name, strlen(r->name), r));
        else if (r->kind == 'S')
            texts[b->revisions.text_count++] = (ath_revision_text){r->name, r->data, r->checksum};
        else if (r->kind == 'K')
            b->settings[b->setting_count++] = (mig_entry){.section = "athanor", .key = r->name, .value = r->data};
        else if (r->kind == 'R' || r->kind == 'E')
            ATH_TRY(load_parts(b, r, by_id, error));
    }
    return ATH_OK;
}

static ath_status take_list(mig_bundled *b, const mapping *m, ath_error *error) {
    record *records;
    size_t count;
    ath__map by_id;
    ath__map_init(&by_id, &ath__malloc_allocator);
    ath_status status = read_records(b, m, &records, &count, error);
    if (status == ATH_OK)
        status = take_records(b, records, count, &by_id, error);
    ath__map_done(&by_id);
    return status;
}

ath_status mig_bundled_open(mig_bundled *b, bool *there, ath_error *error) {
    mapping m;
    int file = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
    ath_error_clear(error);
    *there = false;
    if (file < 0)
        return ATH_OK;
    map_list(file, &m, error);
    close(file);
    if (!m.pages)
        return error->status != ATH_OK || !is_sealed() ? error->status : damaged(error);
    *b = (mig_bundled){0};
    ath__arena_init(&b->arena, &ath__malloc_allocator);
    ath_status status = take_list(b, &m, error);
    munmap(m.pages, m.size);
    *there = status == ATH_OK;
    if (!*there)
        mig_bundled_close(b);
    return status;
}

void mig_bundled_close(mig_bundled *b) {
    ath__arena_done(&b->arena);
}
