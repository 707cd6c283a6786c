/* SPDX-License-Identifier: Apache-2.0
 *
 * What goes and what comes under another name: as it is said, or as somebody answers when asked.
 */
#include "migrate/comparing.h"

ath_status ath__rename_tables(ath__comparing *c) {
    (void)c;
    return ATH_OK;
}

ath_status ath__rename_columns(ath__comparing *c, ath__pair *pair) {
    (void)c;
    (void)pair;
    return ATH_OK;
}
