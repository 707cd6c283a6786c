/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `base`: libraries that are loaded when they are first needed (library.h).  They are never unloaded: their threads and
 * what they do at the process's end are not ours to know.
 */
#include <dlfcn.h>

#include "base/library.h"

static ath_status missing(const ath__library *l, const char *why, ath_error *error) {
    return ath__fail(error, ATH_NOT_SUPPORTED, "%s cannot be loaded: %s -- hint: %s", l->title, why ? why : l->file,
                     l->hint);
}

static ath_status fill(const ath__library *l, void *handle, ath_error *error) {
    for (size_t i = 0; i < l->count; i++) {
        void *found = dlsym(handle, l->calls[i].name);
        if (!found)
            return missing(l, dlerror(), error);
        memcpy(l->calls[i].pointer, &found, sizeof found); /* a pointer to a function, which C keeps apart */
    }
    return ATH_OK;
}

static ath_status load(ath__library *l, ath_error *error) {
    if (atomic_load_explicit(&l->is_loaded, memory_order_relaxed))
        return ATH_OK;
    void *handle = dlopen(l->file, RTLD_LAZY | RTLD_LOCAL);
    if (!handle)
        return missing(l, dlerror(), error);
    ath_status status = fill(l, handle, error);
    if (status == ATH_OK)
        atomic_store_explicit(&l->is_loaded, true, memory_order_release);
    else
        dlclose(handle);
    return status;
}

ath_status ath__library_load(ath__library *library, ath_error *error) {
    if (atomic_load_explicit(&library->is_loaded, memory_order_acquire))
        return ATH_OK;
    pthread_mutex_lock(&library->mutex);
    ath_status status = load(library, error);
    pthread_mutex_unlock(&library->mutex);
    return status;
}
