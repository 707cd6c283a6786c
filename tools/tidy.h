/* SPDX-License-Identifier: Apache-2.0
 *
 * Read before each file by tools/check_tidy.sh, never compiled: tells the analyser, which sees one file at a time, that
 * the functions that report a failure return one.
 */
#define ATH_NO_POISON /* here it comes before the headers of libraries; the compiler sees to it */
#include "base/base.h"

#define ath__fail(error, status, ...) (ath__fail(error, status, __VA_ARGS__), (status))
#define ath__fail_memory(error) (ath__fail_memory(error), ATH_NO_MEMORY)

#include "orm/session.h"
#define ath__session_no_memory(session) (ath__session_no_memory(session), ATH_NO_MEMORY)
