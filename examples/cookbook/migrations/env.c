/* SPDX-License-Identifier: Apache-2.0
 *
 * from models import Base
 * target_metadata = Base.metadata
 * config.set_main_option("sqlalchemy.url", settings.DATABASE_URL)
 */
#include "models.h"

#include <athanor/migrate.h>
#include <stdlib.h>

ATH_ENVIRONMENT(env) {
    env->metadata = &Shop; /* what it does not name is unknown, not dropped: see `athanor check` */
    if (getenv("SHOP_DATABASE"))
        env->url = getenv("SHOP_DATABASE");
}
