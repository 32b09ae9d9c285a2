#pragma once

/** What operations over groups of rows share: where groups begin, in a run and in exported C. Static, header only; after core/real.h. */

#include "eqk/emit.h"
#include "eqk/op.h"
#include "ops/ragged.h"

#define EQK_SEGMENTS_UNUSED __attribute__ ((unused))

#if EQK_REAL_BITS == 64
#define EQK_SEGMENT_EXP exp
#define EQK_SEGMENT_LOG log
#define EQK_SEGMENT_SQRT sqrt
#else
#define EQK_SEGMENT_EXP expf
#define EQK_SEGMENT_LOG logf
#define EQK_SEGMENT_SQRT sqrtf
#endif

/** Group g holds the rows [offsets[g], offsets[g + 1]). */
static inline const int32_t *
eqk_segment_offsets (const EqkRun *run, const EqkOp *op, EqkOver over)
{
  return over == EQK_OVER_SAMPLES ? eqk_run_structure (run, op)->node_offset : eqk_run_structure (run, op)->by_dst;
}

static inline size_t
eqk_segment_count (const EqkRun *run, const EqkOp *op, EqkOver over)
{
  return over == EQK_OVER_SAMPLES ? (size_t) run->sizes.batch : eqk_run_n_nodes (run, op);
}

/** Groups of one chunk of a pool's work. */
static inline size_t
eqk_segment_grain (EqkOver over)
{
  return over == EQK_OVER_SAMPLES ? 4 : 64;
}

/** In exported C: the group of each row, ascending. One sample is one group. */
static inline const char *
eqk_emit_group_of (EqkOver over)
{
  return over == EQK_OVER_SAMPLES ? "NULL" : "dst";
}

static inline void EQK_SEGMENTS_UNUSED
eqk_emit_segment_end (EqkEmitter *e)
{
  if (!eqk_emit_begin (e, "segment_end"))
    return;
  eqk_emit (e, "/* Rows of a group follow each other; without a list of groups all rows are of one. */\n"
               "static size_t\nsegment_end (const int32_t *group_of, size_t begin, size_t n_rows, size_t group)\n{\n  if (group_of == NULL)\n    return n_rows;\n"
               "  while (begin < n_rows && (size_t) group_of[begin] == group)\n    begin++;\n  return begin;\n}\n\n");
  eqk_emit_end (e);
}
