#pragma once

/** The workloads of `equi bench`: fixed names and sizes, seeded, float32, so that runs can be put beside others. */

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  const char *name;
  double      median_s, min_s;      /**< process CPU seconds with one thread, wall seconds otherwise */
  double      wall_s;               /**< median */
  double      first_s;              /**< the first time, with tables still to be made */
  guint       runs;
  double      gflops;               /**< the workload's fixed operations over median_s; NaN where it has none */
  double      percent_of_peak;      /**< of the FMA peak of as many threads, measured in this run; NaN as above */
  double      gbytes_per_s;         /**< triad; else NaN */
} EqsBenchResult;

/** Names in their order, NULL-terminated. */
const char *const *eqs_bench_names (void);
/** Whether a workload has that name, available here or not. */
gboolean eqs_bench_exists (const char *name);
/** FALSE: what the workload needs is not installed; the name stays valid. */
gboolean eqs_bench_is_available (const char *name);

/** Rate of fused multiply-adds of `threads` threads, in GFLOP/s: the yardstick of a run. */
double   eqs_bench_peak (int threads);
/** @param peak  as eqs_bench_peak gave it for this run */
gboolean eqs_bench_run  (const char *name, int threads, double peak, EqsBenchResult *result, GError **error);

G_END_DECLS
