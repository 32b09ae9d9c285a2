#pragma once

/** Tables of a field layout in exported C. Each emitted call takes them as pointers, so one function serves all layers. */

#include "eqk/emit.h"
#include "ops/fields.h"

#include <stdlib.h>

/** Emits ", first, n_fields, mean_field, column, n_means": arguments of a call. Columns in single precision. */
static inline EqkStatus
eqk_emit_layout (EqkEmitter *e, const EqkFieldLayout *layout)
{
  const int32_t none = 0;
  float        *column = malloc (((size_t) layout->n_column + 1) * sizeof *column);

  if (column == NULL)
    return EQK_ERR_NO_MEMORY;
  column[0] = 0;
  for (int i = 0; i < layout->n_column; i++)
    column[i] = (float) layout->column[i];
  eqk_emit (e, ", %s, %d", eqk_emit_table_i (e, "field_first", layout->first, (size_t) layout->n_fields + 1), layout->n_fields);
  eqk_emit (e, ", %s", eqk_emit_table_i (e, "mean_field", layout->n_means > 0 ? layout->mean_field : &none, (size_t) (layout->n_means > 0 ? layout->n_means : 1)));
  eqk_emit (e, ", %s, %d", eqk_emit_table (e, "mean_column", column, (size_t) (layout->n_column > 0 ? layout->n_column : 1)), layout->n_means);
  free (column);
  return EQK_OK;
}

/** The parameters that eqk_emit_layout's arguments go to. */
#define EQK_EMIT_LAYOUT "const int32_t *first, size_t n_fields, const int32_t *mean_field, const float *column, size_t n_means"

/** An optional tensor as an argument. */
static inline void
eqk_emit_optional (EqkEmitter *e, int value)
{
  if (value < 0)
    eqk_emit (e, ", NULL");
  else
    eqk_emit (e, ", %s", eqk_emit_value (e, value));
}
