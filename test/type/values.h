/* SPDX-License-Identifier: Apache-2.0
 *
 * Short makers of ath_value, for tables.
 */
#ifndef ATH_TEST_VALUES_H
#define ATH_TEST_VALUES_H

#include <athanor/type.h>

/* clang-format off */
#define V_NULL        {.kind = ATH_KIND_NULL}
#define V_BOOL(v)     {.kind = ATH_KIND_BOOL, .as.b = (v)}
#define V_INT(v)      {.kind = ATH_KIND_INT, .as.i = (v)}
#define V_UINT(v)     {.kind = ATH_KIND_UINT, .as.u = (v)}
#define V_REAL(v)     {.kind = ATH_KIND_REAL, .as.d = (v)}
#define V_TEXT(v)     {.kind = ATH_KIND_TEXT, .as.text = {(v), sizeof(v) - 1}}
#define V_JSON(v)     {.kind = ATH_KIND_JSON, .as.text = {(v), sizeof(v) - 1}}
#define V_BYTES(v)    {.kind = ATH_KIND_BYTES, .as.bytes = {(v), sizeof(v) - 1}}
#define V_DATE(v)     {.kind = ATH_KIND_DATE, .as.date = {(v)}}
#define V_TIME(v)     {.kind = ATH_KIND_TIME, .as.time = {(v)}}
#define V_DATETIME(v) {.kind = ATH_KIND_DATETIME, .as.datetime = {(v)}}
#define V_TIMESTAMP(v) {.kind = ATH_KIND_TIMESTAMP, .as.timestamp = {(v)}}
#define V_INTERVAL(m, d, u) {.kind = ATH_KIND_INTERVAL, .as.interval = {(m), (d), (u)}}
#define V_UUID(first) {.kind = ATH_KIND_UUID, .as.uuid = {{(first)}}}
/* A decimal below 2^64: V_DECIMAL(false, 1234, 2) is 12.34. */
#define V_DECIMAL(minus, digits, after_point) \
    {.kind = ATH_KIND_DECIMAL, .as.decimal = {.low = (digits), .scale = (after_point), .negative = (minus)}}
/* clang-format on */

#endif
