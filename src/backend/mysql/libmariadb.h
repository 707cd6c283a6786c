/* SPDX-License-Identifier: Apache-2.0
 *
 * MySQL and MariaDB: libmariadb, whose header is named here alone.  Its functions keep their names; where client libraries are loaded when a
 * URL names their database (-Dclient_libraries=load), each leads through a pointer of libmariadb.c.  A function that is new to the
 * driver stands in both lists; the compiler and the linker miss it in either.
 */
#ifndef ATH_BACKEND_MYSQL_LIBMARIADB_H
#define ATH_BACKEND_MYSQL_LIBMARIADB_H

#include <mysql.h>

#include "base/base.h"

/* Before any other call.  ATH_NOT_SUPPORTED: libmariadb is not there. */
ath_status ath__libmariadb_load(ath_error *error);

#if ATH_LOAD_CLIENTS

#define ATH__LIBMARIADB_CALLS(X)                                                                                       \
    X(mariadb_cancel)                                                                                                  \
    X(mariadb_connection)                                                                                              \
    X(mariadb_get_infov)                                                                                               \
    X(mariadb_stmt_fetch_fields)                                                                                       \
    X(mysql_affected_rows)                                                                                             \
    X(mysql_close)                                                                                                     \
    X(mysql_close_cont)                                                                                                \
    X(mysql_close_start)                                                                                               \
    X(mysql_errno)                                                                                                     \
    X(mysql_error)                                                                                                     \
    X(mysql_fetch_row)                                                                                                 \
    X(mysql_field_count)                                                                                               \
    X(mysql_free_result)                                                                                               \
    X(mysql_get_server_info)                                                                                           \
    X(mysql_get_socket)                                                                                                \
    X(mysql_get_ssl_cipher)                                                                                            \
    X(mysql_get_timeout_value_ms)                                                                                      \
    X(mysql_info)                                                                                                      \
    X(mysql_init)                                                                                                      \
    X(mysql_more_results)                                                                                              \
    X(mysql_next_result_cont)                                                                                          \
    X(mysql_next_result_start)                                                                                         \
    X(mysql_options)                                                                                                   \
    X(mysql_options4)                                                                                                  \
    X(mysql_ping_cont)                                                                                                 \
    X(mysql_ping_start)                                                                                                \
    X(mysql_real_connect_cont)                                                                                         \
    X(mysql_real_connect_start)                                                                                        \
    X(mysql_real_query_cont)                                                                                           \
    X(mysql_real_query_start)                                                                                          \
    X(mysql_server_init)                                                                                               \
    X(mysql_sqlstate)                                                                                                  \
    X(mysql_ssl_set)                                                                                                   \
    X(mysql_stmt_affected_rows)                                                                                        \
    X(mysql_stmt_attr_set)                                                                                             \
    X(mysql_stmt_bind_param)                                                                                           \
    X(mysql_stmt_close_cont)                                                                                           \
    X(mysql_stmt_close_start)                                                                                          \
    X(mysql_stmt_errno)                                                                                                \
    X(mysql_stmt_error)                                                                                                \
    X(mysql_stmt_execute_cont)                                                                                         \
    X(mysql_stmt_execute_start)                                                                                        \
    X(mysql_stmt_fetch_cont)                                                                                           \
    X(mysql_stmt_fetch_start)                                                                                          \
    X(mysql_stmt_field_count)                                                                                          \
    X(mysql_stmt_init)                                                                                                 \
    X(mysql_stmt_insert_id)                                                                                            \
    X(mysql_stmt_more_results)                                                                                         \
    X(mysql_stmt_next_result_cont)                                                                                     \
    X(mysql_stmt_next_result_start)                                                                                    \
    X(mysql_stmt_param_count)                                                                                          \
    X(mysql_stmt_prepare_cont)                                                                                         \
    X(mysql_stmt_prepare_start)                                                                                        \
    X(mysql_stmt_sqlstate)                                                                                             \
    X(mysql_store_result_cont)                                                                                         \
    X(mysql_store_result_start)                                                                                        \
    X(mysql_thread_id)

typedef struct ath__libmariadb_calls {
#define X(name) __typeof__(&name) name;
    ATH__LIBMARIADB_CALLS(X)
#undef X
} ath__libmariadb_calls;

extern ath__libmariadb_calls ath__libmariadb;

#define mariadb_cancel ath__libmariadb.mariadb_cancel
#define mariadb_connection ath__libmariadb.mariadb_connection
#define mariadb_get_infov ath__libmariadb.mariadb_get_infov
#define mariadb_stmt_fetch_fields ath__libmariadb.mariadb_stmt_fetch_fields
#define mysql_affected_rows ath__libmariadb.mysql_affected_rows
#define mysql_close ath__libmariadb.mysql_close
#define mysql_close_cont ath__libmariadb.mysql_close_cont
#define mysql_close_start ath__libmariadb.mysql_close_start
#define mysql_errno ath__libmariadb.mysql_errno
#define mysql_error ath__libmariadb.mysql_error
#define mysql_fetch_row ath__libmariadb.mysql_fetch_row
#define mysql_field_count ath__libmariadb.mysql_field_count
#define mysql_free_result ath__libmariadb.mysql_free_result
#define mysql_get_server_info ath__libmariadb.mysql_get_server_info
#define mysql_get_socket ath__libmariadb.mysql_get_socket
#define mysql_get_ssl_cipher ath__libmariadb.mysql_get_ssl_cipher
#define mysql_get_timeout_value_ms ath__libmariadb.mysql_get_timeout_value_ms
#define mysql_info ath__libmariadb.mysql_info
#define mysql_init ath__libmariadb.mysql_init
#define mysql_more_results ath__libmariadb.mysql_more_results
#define mysql_next_result_cont ath__libmariadb.mysql_next_result_cont
#define mysql_next_result_start ath__libmariadb.mysql_next_result_start
#define mysql_options ath__libmariadb.mysql_options
#define mysql_options4 ath__libmariadb.mysql_options4
#define mysql_ping_cont ath__libmariadb.mysql_ping_cont
#define mysql_ping_start ath__libmariadb.mysql_ping_start
#define mysql_real_connect_cont ath__libmariadb.mysql_real_connect_cont
#define mysql_real_connect_start ath__libmariadb.mysql_real_connect_start
#define mysql_real_query_cont ath__libmariadb.mysql_real_query_cont
#define mysql_real_query_start ath__libmariadb.mysql_real_query_start
#define mysql_server_init ath__libmariadb.mysql_server_init
#define mysql_sqlstate ath__libmariadb.mysql_sqlstate
#define mysql_ssl_set ath__libmariadb.mysql_ssl_set
#define mysql_stmt_affected_rows ath__libmariadb.mysql_stmt_affected_rows
#define mysql_stmt_attr_set ath__libmariadb.mysql_stmt_attr_set
#define mysql_stmt_bind_param ath__libmariadb.mysql_stmt_bind_param
#define mysql_stmt_close_cont ath__libmariadb.mysql_stmt_close_cont
#define mysql_stmt_close_start ath__libmariadb.mysql_stmt_close_start
#define mysql_stmt_errno ath__libmariadb.mysql_stmt_errno
#define mysql_stmt_error ath__libmariadb.mysql_stmt_error
#define mysql_stmt_execute_cont ath__libmariadb.mysql_stmt_execute_cont
#define mysql_stmt_execute_start ath__libmariadb.mysql_stmt_execute_start
#define mysql_stmt_fetch_cont ath__libmariadb.mysql_stmt_fetch_cont
#define mysql_stmt_fetch_start ath__libmariadb.mysql_stmt_fetch_start
#define mysql_stmt_field_count ath__libmariadb.mysql_stmt_field_count
#define mysql_stmt_init ath__libmariadb.mysql_stmt_init
#define mysql_stmt_insert_id ath__libmariadb.mysql_stmt_insert_id
#define mysql_stmt_more_results ath__libmariadb.mysql_stmt_more_results
#define mysql_stmt_next_result_cont ath__libmariadb.mysql_stmt_next_result_cont
#define mysql_stmt_next_result_start ath__libmariadb.mysql_stmt_next_result_start
#define mysql_stmt_param_count ath__libmariadb.mysql_stmt_param_count
#define mysql_stmt_prepare_cont ath__libmariadb.mysql_stmt_prepare_cont
#define mysql_stmt_prepare_start ath__libmariadb.mysql_stmt_prepare_start
#define mysql_stmt_sqlstate ath__libmariadb.mysql_stmt_sqlstate
#define mysql_store_result_cont ath__libmariadb.mysql_store_result_cont
#define mysql_store_result_start ath__libmariadb.mysql_store_result_start
#define mysql_thread_id ath__libmariadb.mysql_thread_id

#endif
#endif
