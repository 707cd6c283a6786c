/* SPDX-License-Identifier: Apache-2.0
 *
 * Athanor, a database toolkit for C: everything, in the order of its floors.
 */
#ifndef ATHANOR_ATHANOR_H
#define ATHANOR_ATHANOR_H

#include <athanor/base.h>
#include <athanor/loop.h>
#include <athanor/type.h>

#include <athanor/sql.h>

#include <athanor/engine.h>
#include <athanor/inspect.h>

#include <athanor/hooks.h>
#include <athanor/many.h>
#include <athanor/orm.h>
#include <athanor/repository.h>
#include <athanor/transact.h>

#include <athanor/input.h>
#include <athanor/json.h>

#endif
