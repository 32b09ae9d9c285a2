#pragma once

/** What the files of the bench share: a workload, and the state of one that runs. */

#include "services/bench.h"

#include "model/compile.h"

#include "eqk/train.h"

G_BEGIN_DECLS

typedef struct EqsBench EqsBench;

typedef struct
{
  const char *name;
  double      gflop;        /**< operations that stand for the work; 0: those that the set-up counts, if it does */
  const char *subject;      /**< group of a convolution, template, layer */
  int         size;         /**< pixels a side, of a convolution */
  gboolean  (*set_up) (EqsBench *self, GError **error);
  void      (*work)   (EqsBench *self);
  int         nodes, edges; /**< of each of the samples, where they are sets or graphs */
  const char *inputs[4];    /**< of a layer in space: types of its inputs, */
  const char *settings;     /**< and its settings */
} EqsWorkload;

struct EqsBench
{
  const EqsWorkload *workload;
  int             threads;
  EqkPool        *pool;
  EqkTyped       *typed;
  EqkProgram     *program;
  EqsCheck       *check;        /* owns typed and program where it is there */
  EqsDocument    *document;
  EqkStore       *store;
  EqkRun         *run;
  EqkOptimizer   *optimizer;
  gint32         *labels;
  float          *a, *b, *c;
  double          gflop;        /* counted by the set-up; 0: it counts none */
  double          cpu, wall;    /* of the work alone, added up by it */
};

/** Between the two is what is measured: filling in seeds is not. */
void     eqs_bench_begin (EqsBench *self);
/** Adds processor and wall time since eqs_bench_begin to the sums, in seconds. */
void     eqs_bench_end   (EqsBench *self);

/** n normal numbers. (transfer full) */
float   *eqs_bench_random_floats (gsize n, guint32 stream);

/** @return FALSE */
gboolean eqs_bench_fail (GError **error, EqkStatus status, const EqkDiag *diag);

/** One forward pass; one of training with its reverse pass, the gradients of the first output being noise. */
void     eqs_bench_work_forward (EqsBench *self);
/** One pass of training with its reverse pass, filters expanded anew as after a step of the optimiser. */
void     eqs_bench_work_train   (EqsBench *self);

/* ---- in space (bench-space.c) ---- */

/** A layer alone, on noise: workload's `subject`, `inputs`, `settings`, and `nodes` and `edges` in all. */
gboolean eqs_bench_set_up_layer    (EqsBench *self, GError **error);
/** New noise, then a forward pass, or one of training where the workload's name ends in "-train". */
void     eqs_bench_work_layer      (EqsBench *self);
/** A network of energies on molecules: `subject` is a template at its preview widths, or NULL for three layers of NequIP. */
gboolean eqs_bench_set_up_molecule (EqsBench *self, GError **error);
/** Neighbours, energies and forces; in training the loss, tangent and second reverse pass, and Adam too. */
void     eqs_bench_work_molecule   (EqsBench *self);

G_END_DECLS
