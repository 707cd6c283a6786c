/* SPDX-License-Identifier: Apache-2.0
 *
 * Runs a fuzz target over its corpus, without libFuzzer: part of `make test`.  With arguments, over those files instead.
 */
#include "fuzz.h"

#include <dirent.h>

static bool replay(const char *path) {
    FILE *file = fopen(path, "rb");
    if (!file)
        return false;
    size_t size = 0, room = 1 << 16;
    uint8_t *data = malloc(room);
    if (data)
        size = fread(data, 1, room, file);
    fclose(file);
    if (!data)
        return false;
    uint8_t *exact = malloc(size + (size == 0)); /* so that valgrind and ASan see a byte too far */
    if (exact && size > 0)
        memcpy(exact, data, size);
    free(data);
    if (exact)
        LLVMFuzzerTestOneInput(exact, size);
    free(exact);
    return exact != NULL;
}

/* Every file of the corpus; how many there were, -1 when one could not be read. */
static int replay_folder(const char *folder) {
    int count = 0;
    DIR *files = opendir(folder);
    for (struct dirent *entry; files && (entry = readdir(files)) != NULL;) {
        char path[1200];
        if (entry->d_name[0] == '.')
            continue;
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        if (count >= 0)
            count = replay(path) ? count + 1 : -1;
    }
    if (files)
        closedir(files);
    return count;
}

int main(int argc, char **argv) {
    char folder[900];
    int count = 0;
    const char *source = getenv("ATHANOR_SOURCE");
    snprintf(folder, sizeof folder, "%s/fuzz/corpus/" FUZZ_NAME, source ? source : ".");
    if (argc > 1) {
        for (int i = 1; i < argc && count >= 0; i++)
            count = replay(argv[i]) ? count + 1 : -1;
    } else {
        count = replay_folder(folder);
    }
    printf("# %d inputs\n%s corpus_of_" FUZZ_NAME "\n%d passed, %d failed\n", count, count > 0 ? "ok" : "not ok",
           count > 0, count <= 0);
    return count > 0 ? 0 : 1;
}
