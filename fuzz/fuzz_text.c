/* SPDX-License-Identifier: Apache-2.0
 *
 * The parsers of dates, times, intervals, decimals and uuids: what one of them takes is written and read again as the same.
 * The first byte chooses the parser.
 */
#include "fuzz.h"

#include "type/type.h"

static void check_round(ath_kind kind, const char *text, size_t size) {
    ath_value in = {.kind = ATH_KIND_TEXT, .as.text = {text, size}}, out, again;
    char written[ATH_INTERVAL_TEXT];
    if (ath__value_convert(&in, kind, &out, NULL) != ATH_OK)
        return;
    FUZZ_CHECK(out.kind == kind);
    size_t length = ath__value_format(&out, written);
    FUZZ_CHECK(length > 0 && length < sizeof written && written[length] == '\0');
    in.as.text = (ath_str){written, length};
    FUZZ_CHECK(ath__value_convert(&in, kind, &again, NULL) == ATH_OK);
    FUZZ_CHECK(ath__value_equal(&out, &again));
    if (kind == ATH_KIND_DECIMAL) {
        FUZZ_CHECK(out.as.decimal.scale == again.as.decimal.scale && out.as.decimal.scale <= 38);
        ath_decimal wider;
        if (out.as.decimal.scale < 38 &&
            ath_decimal_rescale(out.as.decimal, (uint8_t)(out.as.decimal.scale + 1), &wider) == ATH_OK)
            FUZZ_CHECK(ath_decimal_compare(out.as.decimal, wider) == 0);
        FUZZ_CHECK(ath_decimal_compare(out.as.decimal, out.as.decimal) == 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const ath_kind kinds[] = {ATH_KIND_DATE,     ATH_KIND_TIME,    ATH_KIND_DATETIME, ATH_KIND_TIMESTAMP,
                                     ATH_KIND_INTERVAL, ATH_KIND_DECIMAL, ATH_KIND_UUID};
    fuzz_input in = {data, size};
    ath_kind kind = kinds[fuzz_byte(&in) % (sizeof kinds / sizeof kinds[0])];
    char *text = fuzz_rest(&in, false);
    check_round(kind, text, in.size);
    free(text);
    return 0;
}
