/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `base`: libraries that are loaded when they are first needed, and stay.  A program that never names their database
 * pays nothing for them, nor for the many that they want in turn.
 */
#ifndef ATH_BASE_LIBRARY_H
#define ATH_BASE_LIBRARY_H

#include "base/base.h"

#include <pthread.h>
#include <stdatomic.h>

/* A function of the library, and the pointer that is to lead to it. */
typedef struct ath__library_call {
    const char *name;
    void *pointer; /* to the pointer, of whatever type */
} ath__library_call;

typedef struct ath__library {
    const char *file;  /* as the dynamic linker finds it: libpq.so.5 */
    const char *title; /* "PostgreSQL's client library" */
    const char *hint;  /* what to install */
    const ath__library_call *calls;
    size_t count;
    pthread_mutex_t mutex; /* of who loads it */
    atomic_bool is_loaded;
} ath__library;

/* Loads it and fills the pointers in, unless that is done.  ATH_NOT_SUPPORTED says what is missing; it may be tried again.
 * Any thread.  Pointers may be used by whoever has seen ATH_OK, and by whom they told. */
ath_status ath__library_load(ath__library *library, ath_error *error);

#endif
