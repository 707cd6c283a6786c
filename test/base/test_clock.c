/* SPDX-License-Identifier: Apache-2.0
 *
 * The monotonic clock: it counts microseconds and does not go back.
 */
#include "../test.h"

#include <time.h>

#include "base/base.h"

TEST(counts_microseconds) {
    int64_t before = ath__clock_us();
    const struct timespec wait = {.tv_nsec = 20 * 1000 * 1000};
    nanosleep(&wait, NULL);
    int64_t passed = ath__clock_us() - before;
    CHECK(passed >= 20000);
    CHECK(passed < 20 * INT64_C(1000000)); /* a busy machine is slow, but not by a wrong unit */
}

TEST(never_goes_back) {
    int64_t last = ath__clock_us();
    int backwards = 0;
    for (int i = 0; i < 100000; i++) {
        int64_t now = ath__clock_us();
        backwards += now < last;
        last = now;
    }
    CHECK_INT(backwards, 0);
}

static const test_case cases[] = {
    {"counts_microseconds", counts_microseconds},
    {"never_goes_back", never_goes_back},
};

int main(int argc, char **argv) {
    return test_main(argc, argv, cases, TEST_COUNT(cases));
}
