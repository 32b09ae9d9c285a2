#pragma once

#include "check/check.h"

#include "eqk/random.h"

/* Notes a comparison. */
void eqk_check_note (EqkCheck *check, double error, const char *where_format, ...) __attribute__ ((format (printf, 3, 4)));

/* Direction of unit length. */
void eqk_check_direction (EqkRandom *random, double *d, size_t n);
