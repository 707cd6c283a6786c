/* SPDX-License-Identifier: Apache-2.0
 *
 * The scratch place: tables that seem to differ are made there and read back, so that the database itself says what it
 * makes of a default, a condition, a type.  Nothing stays.
 */
#include "migrate/comparing.h"

ath_status ath__keep_suspects(ath__comparing *c) {
    (void)c;
    return ATH_OK;
}
