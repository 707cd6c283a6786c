/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `sql`: the schema, expressions and statements, all in one.
 */
#ifndef ATHANOR_SQL_H
#define ATHANOR_SQL_H

#include <athanor/expr.h>
#include <athanor/function.h>
#include <athanor/inherit.h>
#include <athanor/query.h>
#include <athanor/relation.h>
#include <athanor/rules.h>
#include <athanor/schema.h>
#include <athanor/statement.h>

#endif
