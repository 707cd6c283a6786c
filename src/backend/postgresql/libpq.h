/* SPDX-License-Identifier: Apache-2.0
 *
 * PostgreSQL: libpq, whose header is named here alone.  Its functions keep their names; where client libraries are loaded when a
 * URL names their database (-Dclient_libraries=load), each leads through a pointer of libpq.c.  A function that is new to the
 * driver stands in both lists; the compiler and the linker miss it in either.
 */
#ifndef ATH_BACKEND_POSTGRESQL_LIBPQ_H
#define ATH_BACKEND_POSTGRESQL_LIBPQ_H

#include <libpq-fe.h>

#include "base/base.h"

/* Before any other call.  ATH_NOT_SUPPORTED: libpq is not there. */
ath_status ath__libpq_load(ath_error *error);

#if ATH_LOAD_CLIENTS

#define ATH__LIBPQ_CALLS(X)                                                                                            \
    X(PQcancel)                                                                                                        \
    X(PQclear)                                                                                                         \
    X(PQcmdStatus)                                                                                                     \
    X(PQcmdTuples)                                                                                                     \
    X(PQconnectPoll)                                                                                                   \
    X(PQconnectStartParams)                                                                                            \
    X(PQconsumeInput)                                                                                                  \
    X(PQcopyResult)                                                                                                    \
    X(PQenterPipelineMode)                                                                                             \
    X(PQerrorMessage)                                                                                                  \
    X(PQexitPipelineMode)                                                                                              \
    X(PQfinish)                                                                                                        \
    X(PQflush)                                                                                                         \
    X(PQfname)                                                                                                         \
    X(PQfreeCancel)                                                                                                    \
    X(PQfreemem)                                                                                                       \
    X(PQftype)                                                                                                         \
    X(PQgetCancel)                                                                                                     \
    X(PQgetCopyData)                                                                                                   \
    X(PQgetResult)                                                                                                     \
    X(PQgetisnull)                                                                                                     \
    X(PQgetlength)                                                                                                     \
    X(PQgetvalue)                                                                                                      \
    X(PQhost)                                                                                                          \
    X(PQisBusy)                                                                                                        \
    X(PQnfields)                                                                                                       \
    X(PQnparams)                                                                                                       \
    X(PQntuples)                                                                                                       \
    X(PQparameterStatus)                                                                                               \
    X(PQparamtype)                                                                                                     \
    X(PQpipelineSync)                                                                                                  \
    X(PQputCopyEnd)                                                                                                    \
    X(PQresultErrorField)                                                                                              \
    X(PQresultErrorMessage)                                                                                            \
    X(PQresultMemorySize)                                                                                              \
    X(PQresultStatus)                                                                                                  \
    X(PQsendDescribePrepared)                                                                                          \
    X(PQsendPrepare)                                                                                                   \
    X(PQsendQuery)                                                                                                     \
    X(PQsendQueryParams)                                                                                               \
    X(PQsendQueryPrepared)                                                                                             \
    X(PQserverVersion)                                                                                                 \
    X(PQsetNoticeReceiver)                                                                                             \
    X(PQsetSingleRowMode)                                                                                              \
    X(PQsetnonblocking)                                                                                                \
    X(PQsetvalue)                                                                                                      \
    X(PQsocket)                                                                                                        \
    X(PQsslInUse)                                                                                                      \
    X(PQstatus)                                                                                                        \
    X(PQtransactionStatus)

typedef struct ath__libpq_calls {
#define X(name) __typeof__(&name) name;
    ATH__LIBPQ_CALLS(X)
#undef X
} ath__libpq_calls;

extern ath__libpq_calls ath__libpq;

#define PQcancel ath__libpq.PQcancel
#define PQclear ath__libpq.PQclear
#define PQcmdStatus ath__libpq.PQcmdStatus
#define PQcmdTuples ath__libpq.PQcmdTuples
#define PQconnectPoll ath__libpq.PQconnectPoll
#define PQconnectStartParams ath__libpq.PQconnectStartParams
#define PQconsumeInput ath__libpq.PQconsumeInput
#define PQcopyResult ath__libpq.PQcopyResult
#define PQenterPipelineMode ath__libpq.PQenterPipelineMode
#define PQerrorMessage ath__libpq.PQerrorMessage
#define PQexitPipelineMode ath__libpq.PQexitPipelineMode
#define PQfinish ath__libpq.PQfinish
#define PQflush ath__libpq.PQflush
#define PQfname ath__libpq.PQfname
#define PQfreeCancel ath__libpq.PQfreeCancel
#define PQfreemem ath__libpq.PQfreemem
#define PQftype ath__libpq.PQftype
#define PQgetCancel ath__libpq.PQgetCancel
#define PQgetCopyData ath__libpq.PQgetCopyData
#define PQgetResult ath__libpq.PQgetResult
#define PQgetisnull ath__libpq.PQgetisnull
#define PQgetlength ath__libpq.PQgetlength
#define PQgetvalue ath__libpq.PQgetvalue
#define PQhost ath__libpq.PQhost
#define PQisBusy ath__libpq.PQisBusy
#define PQnfields ath__libpq.PQnfields
#define PQnparams ath__libpq.PQnparams
#define PQntuples ath__libpq.PQntuples
#define PQparameterStatus ath__libpq.PQparameterStatus
#define PQparamtype ath__libpq.PQparamtype
#define PQpipelineSync ath__libpq.PQpipelineSync
#define PQputCopyEnd ath__libpq.PQputCopyEnd
#define PQresultErrorField ath__libpq.PQresultErrorField
#define PQresultErrorMessage ath__libpq.PQresultErrorMessage
#define PQresultMemorySize ath__libpq.PQresultMemorySize
#define PQresultStatus ath__libpq.PQresultStatus
#define PQsendDescribePrepared ath__libpq.PQsendDescribePrepared
#define PQsendPrepare ath__libpq.PQsendPrepare
#define PQsendQuery ath__libpq.PQsendQuery
#define PQsendQueryParams ath__libpq.PQsendQueryParams
#define PQsendQueryPrepared ath__libpq.PQsendQueryPrepared
#define PQserverVersion ath__libpq.PQserverVersion
#define PQsetNoticeReceiver ath__libpq.PQsetNoticeReceiver
#define PQsetSingleRowMode ath__libpq.PQsetSingleRowMode
#define PQsetnonblocking ath__libpq.PQsetnonblocking
#define PQsetvalue ath__libpq.PQsetvalue
#define PQsocket ath__libpq.PQsocket
#define PQsslInUse ath__libpq.PQsslInUse
#define PQstatus ath__libpq.PQstatus
#define PQtransactionStatus ath__libpq.PQtransactionStatus

#endif
#endif
