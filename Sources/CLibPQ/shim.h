#ifndef LIGATURE_CLIBPQ_SHIM_H
#define LIGATURE_CLIBPQ_SHIM_H

#include <libpq-fe.h>

/* libpq names the fields of an error by character macros, which Swift does not import. */
static const int LIGATURE_DIAG_SEVERITY = PG_DIAG_SEVERITY_NONLOCALIZED;
static const int LIGATURE_DIAG_SQLSTATE = PG_DIAG_SQLSTATE;
static const int LIGATURE_DIAG_MESSAGE = PG_DIAG_MESSAGE_PRIMARY;
static const int LIGATURE_DIAG_DETAIL = PG_DIAG_MESSAGE_DETAIL;
static const int LIGATURE_DIAG_HINT = PG_DIAG_MESSAGE_HINT;
static const int LIGATURE_DIAG_POSITION = PG_DIAG_STATEMENT_POSITION;

#endif
