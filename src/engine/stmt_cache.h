/* SPDX-License-Identifier: Apache-2.0
 *
 * The statement cache, for prepare.c alone.
 */
#ifndef ATH_ENGINE_STMT_CACHE_H
#define ATH_ENGINE_STMT_CACHE_H

#include "engine/engine.h"

/* The entry of a key, made the most recently used, or NULL; *hash is the key's either way. */
ath__prepared *ath__stmt_cache_find(ath__stmt_cache *cache, const uint64_t *words, size_t count, uint64_t *hash);
/* Files an entry and drops old ones while there are too many bytes.  False when memory ran out. */
bool ath__stmt_cache_add(ath_connection *connection, ath__prepared *prepared);
/* Finalizes and frees an entry. */
void ath__prepared_free(ath_connection *connection, ath__prepared *prepared);

#endif
