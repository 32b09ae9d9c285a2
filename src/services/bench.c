/*
 * A workload is a set-up, a function that does the work once, and the number of operations that stands for it: the direct
 * algorithm's multiplications and additions, whatever the kernels do instead (performance.md §8).
 */

#include "services/bench-private.h"

#include "model/file.h"
#include "services/template.h"

#include "core/planar.h"
#include "eqk/op.h"
#include "eqk/random.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>
#include <time.h>

enum { BATCH = 64, MAX_RUNS = 30, MIN_RUNS = 5, TRIAD_FLOATS = 1 << 24, SMALLEST_IMAGE = 9 /* odd, to be cropped evenly to 7 */ };

static double
now (clockid_t clock)
{
  struct timespec t;

  clock_gettime (clock, &t);
  return (double) t.tv_sec + 1e-9 * (double) t.tv_nsec;
}

void
eqs_bench_begin (EqsBench *self)
{
  self->cpu -= now (CLOCK_PROCESS_CPUTIME_ID);
  self->wall -= now (CLOCK_MONOTONIC);
}

void
eqs_bench_end (EqsBench *self)
{
  self->cpu += now (CLOCK_PROCESS_CPUTIME_ID);
  self->wall += now (CLOCK_MONOTONIC);
}

float *
eqs_bench_random_floats (gsize n, guint32 stream)
{
  float    *p = g_new (float, n);
  EqkRandom random = eqk_random (1, EQK_RANDOM_NOISE, stream, 0, 0);

  for (gsize i = 0; i < n; i++)
    p[i] = (float) eqk_random_normal (&random);
  return p;
}

gboolean
eqs_bench_fail (GError **error, EqkStatus status, const EqkDiag *diag)
{
  eqs_compile_set_error (error, status, diag);
  return FALSE;
}

/* ---- the machine ---- */

static void
peak_chunk (void *data, size_t chunk, int lane)
{
  ((double *) data)[chunk] = eqk_planar_kernels (32, eqk_simd ())->fma_peak ();
}

static double
measure_peak (EqkPool *pool, int threads)
{
  g_autofree double *rates = g_new0 (double, threads);
  double             sum = 0;

  eqk_pool_run (pool, (size_t) threads, peak_chunk, rates);
  for (int i = 0; i < threads; i++)
    sum += rates[i];
  return sum * 1e-9;
}

double
eqs_bench_peak (int threads)
{
  EqkPool *pool = eqk_pool_new (threads);
  double   best = 0;

  for (int i = 0; i < 8; i++)   /* the best: a busy neighbour must not make the kernels look good */
    best = MAX (best, measure_peak (pool, threads));
  eqk_pool_free (pool);
  return best;
}

static gboolean
set_up_nothing (EqsBench *self, GError **error)
{
  return TRUE;
}

/* Seconds are those of one GFLOP at the rate that was measured. */
static void
work_peak (EqsBench *self)
{
  const double rate = measure_peak (self->pool, self->threads);

  self->cpu += 1 / rate;
  self->wall += 1 / rate;
}

static gboolean
set_up_gemm (EqsBench *self, GError **error)
{
  self->a = eqs_bench_random_floats (1024 * 1024, 1);
  self->b = eqs_bench_random_floats (1024 * 1024, 2);
  self->c = g_new0 (float, 1024 * 1024);
  return TRUE;
}

static void
gemm_rows (void *data, size_t begin_row, size_t end_row, size_t chunk, int lane)
{
  const EqsBench *self = data;

  eqk_planar_kernels (32, eqk_simd ())->gemm (false, false, (int) (end_row - begin_row), 1024, 1024, self->a + begin_row * 1024, 1024, self->b, 1024,
                                              self->c + begin_row * 1024, 1024, false);
}

static void
work_gemm (EqsBench *self)
{
  eqs_bench_begin (self);
  eqk_run_range (self->pool, 1024, (size_t) (1024 + self->threads - 1) / (size_t) self->threads, gemm_rows, self);
  eqs_bench_end (self);
}

static gboolean
set_up_triad (EqsBench *self, GError **error)
{
  self->a = g_new0 (float, TRIAD_FLOATS);
  self->b = eqs_bench_random_floats (TRIAD_FLOATS, 1);
  self->c = eqs_bench_random_floats (TRIAD_FLOATS, 2);
  return TRUE;
}

static void
triad_range (void *data, size_t first, size_t last, size_t chunk, int lane)
{
  const EqsBench *self = data;
  float       *restrict a = self->a;
  const float *b = self->b, *c = self->c;

  for (size_t i = first; i < last; i++)
    a[i] = b[i] + 3.0f * c[i];
}

static void
work_triad (EqsBench *self)
{
  eqs_bench_begin (self);
  eqk_run_range (self->pool, TRIAD_FLOATS, TRIAD_FLOATS / 64, triad_range, self);
  eqs_bench_end (self);
}

/* ---- convolutions ---- */

static EqkStatus
make_conv (EqsBench *self, EqkDiag *diag)
{
  const gboolean   dense = strcmp (self->workload->subject, "triv") == 0;
  EqkSymmetry      symmetry = { .group = eqk_group_get (self->workload->subject), .translations = true };
  const int        size = self->workload->size < SMALLEST_IMAGE ? SMALLEST_IMAGE : self->workload->size, border = (size - self->workload->size) / 2;
  g_autofree char *image = g_strdup_printf ("height=%d width=%d %s", size, size, dense ? "channels=64" : "fields=16x reg");
  EqkGraph        *graph = eqk_graph_new (&symmetry);
  g_autofree char *crop = g_strdup_printf ("crop=%d", border);
  EqkSettings     *settings[3] = { NULL, NULL, NULL };
  EqkStatus        status;

  status = eqk_settings_parse (image, &settings[0], diag);
  if (status == EQK_OK)
    status = eqk_settings_parse (dense ? "out=64x triv k=5 bias=off" : "out=16x reg k=5 bias=off", &settings[1], diag);
  if (status == EQK_OK)
    status = eqk_settings_parse (crop, &settings[2], diag);
  if (status == EQK_OK)
    status = eqk_graph_add (graph, "x", "input_image", settings[0], NULL, NULL, diag);
  if (status == EQK_OK)
    status = eqk_graph_add (graph, "conv", dense ? "conv2d_plain" : "r2conv", settings[1], NULL, NULL, diag);
  if (status == EQK_OK)
    status = eqk_graph_add (graph, "out", "field_output", NULL, NULL, NULL, diag);
  if (status == EQK_OK && border > 0)
    status = eqk_graph_add (graph, "crop", "crop", settings[2], NULL, NULL, diag);
  if (status == EQK_OK && border > 0)
    status = eqk_graph_link (graph, "x", "y", "crop", "x", diag);
  if (status == EQK_OK)
    status = eqk_graph_link (graph, border > 0 ? "crop" : "x", "y", "conv", "x", diag);
  if (status == EQK_OK)
    status = eqk_graph_link (graph, "conv", "y", "out", "x", diag);
  if (status == EQK_OK)
    status = eqk_graph_infer (graph, &self->typed, diag);
  if (status == EQK_OK)
    status = eqk_compile (self->typed, NULL, &self->program, diag);
  for (int i = 0; i < 3; i++)
    eqk_settings_free (settings[i]);
  eqk_graph_free (graph);
  return status;
}

/* Sets or graphs of one size, with edges drawn within each. */
static EqkStatus
make_structure (EqsBench *self, EqkDiag *diag)
{
  const gint32       nodes = self->workload->nodes, edges = self->workload->edges;
  gint32             counts[BATCH];
  g_autofree gint32 *src = g_new (gint32, BATCH * edges + 1), *dst = g_new (gint32, BATCH * edges + 1);
  EqkRandom          random = eqk_random (1, EQK_RANDOM_NOISE, 98, 0, 0);
  EqkStatus          status;

  for (gint32 s = 0; s < BATCH; s++)
    {
      counts[s] = nodes;
      for (gint32 e = s * edges; e < (s + 1) * edges; e++)
        {
          src[e] = s * nodes + (gint32) eqk_random_below (&random, (guint32) nodes);
          dst[e] = s * nodes + (gint32) eqk_random_below (&random, (guint32) nodes);
        }
    }
  status = eqk_run_set_nodes (self->run, counts, BATCH, diag);
  return status == EQK_OK && edges > 0 ? eqk_run_set_edges (self->run, src, dst, (gsize) BATCH * (gsize) edges, NULL, diag) : status;
}

/* Feeds of one batch of noise. */
static gboolean
make_run (EqsBench *self, gboolean train, gboolean input_grads, GError **error)
{
  EqkRunOptions options = { .precision = EQK_F32, .train = train, .input_grads = input_grads, .capacity = { .batch = BATCH }, .pool = self->pool };
  EqkDiag       diag = EQK_DIAG_INIT;
  EqkStatus     status;

  options.capacity.nodes = (gsize) BATCH * (gsize) self->workload->nodes;
  options.capacity.edges = (gsize) BATCH * (gsize) self->workload->edges;
  self->store = eqk_store_new (self->program, EQK_F32, 1);
  status = self->store == NULL ? EQK_ERR_NO_MEMORY : eqk_run_new (self->program, self->store, &options, &self->run, &diag);
  if (status == EQK_OK)
    status = eqk_run_set_sizes (self->run, &options.capacity, &diag);
  if (status == EQK_OK && self->workload->nodes > 0)
    status = make_structure (self, &diag);
  for (int v = 0; status == EQK_OK && v < eqk_program_n_values (self->program); v++)
    if (eqk_program_value (self->program, v)->kind == EQK_VALUE_FEED)
      {
        const gsize      n = eqk_run_rows (self->run, v) * (gsize) eqk_program_value (self->program, v)->width;
        g_autofree float *noise = eqs_bench_random_floats (n, 10 + (guint32) v);

        memcpy (eqk_run_feed (self->run, v), noise, n * sizeof *noise);
      }
  return status == EQK_OK || eqs_bench_fail (error, status, &diag);
}

static gboolean
set_up_conv (EqsBench *self, GError **error)
{
  EqkDiag         diag = EQK_DIAG_INIT;
  const EqkStatus status = make_conv (self, &diag);
  const gboolean  train = g_str_has_suffix (self->workload->name, "-train");

  return status == EQK_OK ? make_run (self, train, train, error) : eqs_bench_fail (error, status, &diag);
}

void
eqs_bench_work_forward (EqsBench *self)
{
  eqs_bench_begin (self);
  eqk_run_forward (self->run, EQK_PASS_INFER, NULL);
  eqs_bench_end (self);
}

/* As after a step of the optimiser: the filter is expanded anew. */
void
eqs_bench_work_train (EqsBench *self)
{
  const int   output = eqk_program_output (self->program, 0)->value;
  const gsize n = eqk_run_rows (self->run, output) * (gsize) eqk_program_value (self->program, output)->width;

  if (self->a == NULL)
    self->a = eqs_bench_random_floats (n, 3);
  eqk_store_touch (self->store);
  eqs_bench_begin (self);
  eqk_run_forward (self->run, EQK_PASS_TRAIN, NULL);
  eqs_bench_end (self);
  memcpy (eqk_run_seed (self->run, 0), self->a, n * sizeof (float));
  eqs_bench_begin (self);
  eqk_run_backward (self->run, NULL);
  eqs_bench_end (self);
}

/* ---- templates ---- */

/* Four layers of message passing, 64 wide, over edges that carry four numbers, then a pool and two scores. */
static EqsDocument *
message_passing (GError **error)
{
  g_autoptr (GString) text = g_string_new ("{\"format\": \"equistudio.design\", \"version\": 1, \"name\": \"mpnn\", \"symmetry\": {\"group\": \"Sn\"}, \"nodes\": ["
                                           "{\"id\": \"m0\", \"layer\": \"input_graph\", \"params\": {\"channels\": 64, \"edge_channels\": 4}},");

  for (int i = 1; i <= 4; i++)
    g_string_append_printf (text, "{\"id\": \"m%d\", \"layer\": \"mpnn\", \"params\": {\"message\": [64, 64], \"widths\": [64, 64]}},", i);
  g_string_append (text, "{\"id\": \"pool\", \"layer\": \"global_pool\"}, {\"id\": \"out\", \"layer\": \"mlp_head\", \"params\": {\"out\": 2}}], \"links\": [");
  for (int i = 1; i <= 4; i++)
    g_string_append_printf (text, "{\"from\": \"m%d.y\", \"to\": \"m%d.x\"}, {\"from\": \"m0.edges\", \"to\": \"m%d.edges\"},", i - 1, i, i);
  g_string_append (text, "{\"from\": \"m4.y\", \"to\": \"pool.x\"}, {\"from\": \"pool.y\", \"to\": \"out.x\"}]}");
  return eqs_file_parse (text->str, -1, error);
}

static gboolean
set_up_template (EqsBench *self, GError **error)
{
  const EqkOptimizerOptions options = EQK_OPTIMIZER_DEFAULTS;
  const gboolean            train = g_str_has_prefix (self->workload->name, "step-");
  EqkRandom                 random = eqk_random (1, EQK_RANDOM_NOISE, 99, 0, 0);

  self->document = self->workload->subject == NULL ? message_passing (error) : eqs_template_new (self->workload->subject, error);
  self->check = self->document == NULL ? NULL : eqs_check_new (self->document, error);
  if (self->check == NULL)
    return FALSE;
  if (self->check->program == NULL)
    {
      g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_INVALID, _("The design of %s does not run."), self->workload->name);
      return FALSE;
    }
  self->program = self->check->program;
  if (!make_run (self, train, FALSE, error))
    return FALSE;
  self->optimizer = eqk_optimizer_new (&options, EQK_F32, eqk_program_n_weights (self->program));
  self->labels = g_new (gint32, BATCH);
  for (int i = 0; i < BATCH; i++)
    self->labels[i] = (gint32) eqk_random_below (&random, (guint32) eqk_program_value (self->program, eqk_program_output (self->program, 0)->value)->width);
  return TRUE;
}

/* Forward, cross-entropy, backward, Adam, running statistics. */
static void
work_step (EqsBench *self)
{
  const int output = eqk_program_output (self->program, 0)->value;
  size_t    hits, counted;

  eqs_bench_begin (self);
  eqk_run_forward (self->run, EQK_PASS_TRAIN, NULL);
  eqk_loss_cross_entropy (EQK_F32, self->pool, eqk_run_value (self->run, output), self->labels, NULL, BATCH, eqk_program_value (self->program, output)->width, 1,
                          eqk_run_seed (self->run, 0), &hits, &counted);
  eqk_run_backward (self->run, NULL);
  eqk_optimizer_step (self->optimizer, self->store, eqk_run_weight_grads (self->run), 1, self->pool);
  eqk_run_commit (self->run);
  eqs_bench_end (self);
}

static gboolean
set_up_document (EqsBench *self, GError **error)
{
  self->document = eqs_template_new (self->workload->subject, error);
  return self->document != NULL;
}

/* From the document to a program with memory for a batch. */
static void
work_compile (EqsBench *self)
{
  EqkRunOptions options = { .precision = EQK_F32, .train = true, .capacity = { .batch = BATCH }, .pool = self->pool };
  EqsCheck     *check;
  EqkRun       *run = NULL;
  EqkStore     *store;

  eqs_bench_begin (self);
  check = eqs_check_new (self->document, NULL);
  store = eqk_store_new (check->program, EQK_F32, 1);
  eqk_run_new (check->program, store, &options, &run, NULL);
  eqs_bench_end (self);
  eqk_run_free (run);
  eqk_store_unref (store);
  eqs_check_unref (check);
}

/* ---- the table ---- */

/* A convolution with k 5 of a batch of 64. */
#define CONV_GFLOP(size, channels) (2e-9 * 64 * (size) * (size) * 25 * (channels) * (channels))
/* T01: 1 -> 64 @28, 64 -> 128 @14, 128 -> 256 @7; nobody asks for the gradient of the picture. */
#define T01_FIRST (2e-9 * 64 * 25 * 784 * 64)
#define T01_FORWARD (T01_FIRST + 2e-9 * 64 * 25 * (196.0 * 64 * 128 + 49.0 * 128 * 256))
/* T04: 1 -> 120 @29, 84 -> 160 @15, 112 -> 240 and 168 -> 64 @8. */
#define T04_FIRST (2e-9 * 64 * 25 * 841 * 120)
#define T04_FORWARD (T04_FIRST + 2e-9 * 64 * 25 * (225.0 * 84 * 160 + 64.0 * 112 * 240 + 64.0 * 168 * 64))

/* T18, T19 on 64 sets of 100 points; T20, and four layers of message passing, on 64 graphs of 30 nodes and 60 edges: forward passes of their linear maps and attentions. */
#define POINTS 100.0
#define T18_FORWARD (2e-9 * 64 * (POINTS * (3 * 128 + 2 * 16384) + 16384 + 128))
#define ISAB (16384 * 5 * (16 + POINTS) + 4 * 16 * 128 * POINTS)
#define T19_FORWARD (2e-9 * 64 * (POINTS * 384 + 2 * ISAB + 16384 * (3 * POINTS + 3) + 256 * POINTS + 8192 + 640))
#define MPNN_FORWARD (2e-9 * 64 * 4 * (60 * (132 * 64 + 4096) + 30 * (128 * 64 + 4096)))
#define T20_FORWARD (2e-9 * 64 * (30 * (7 * 64 + 9 * 4096) + 60 * (7 + 4 * 64) + 4096 + 128))

#define FCTP { "nodes 64x0e + 64x1o + 64x2e", "nodes 1x0e + 1x1o + 1x2e" }, "out=64x0e + 64x1o + 64x2e"
#define UVU { "nodes 32x0e + 32x1o + 32x2e", "edges 1x0e + 1x1o + 1x2e", "edges 352x0e" }, "keep=1x0e + 1x1o + 1x2e"
#define UVU_MLP { "nodes 32x0e + 32x1o + 32x2e", "edges 1x0e + 1x1o + 1x2e", "radial 8x triv" }, "out=32x0e + 32x1o + 32x2e gates=off hidden=[64]"
#define CONTRACTION { "nodes 64x0e + 64x1o + 64x2e + 64x3o", "species" }, "out=64x0e + 64x1o"

static const EqsWorkload workloads[] = {
  { "peak", 1, NULL, 0, set_up_nothing, work_peak },
  { "sgemm-1024", 2e-9 * 1024 * 1024 * 1024, NULL, 0, set_up_gemm, work_gemm },
  { "triad", 0, NULL, 0, set_up_triad, work_triad },
  { "conv-dense-64-fwd", CONV_GFLOP (28, 64), "triv", 28, set_up_conv, eqs_bench_work_forward },
  { "conv-dense-64-train", 3 * CONV_GFLOP (28, 64), "triv", 28, set_up_conv, eqs_bench_work_train },
  { "conv-dense-64-14-train", 3 * CONV_GFLOP (14, 64), "triv", 14, set_up_conv, eqs_bench_work_train },
  { "conv-dense-64-7-train", 3 * CONV_GFLOP (7, 64), "triv", 7, set_up_conv, eqs_bench_work_train },
  { "conv-c4-fwd", CONV_GFLOP (28, 64), "C4", 28, set_up_conv, eqs_bench_work_forward },
  { "conv-c4-train", 3 * CONV_GFLOP (28, 64), "C4", 28, set_up_conv, eqs_bench_work_train },
  { "conv-d4-fwd", CONV_GFLOP (28, 128), "D4", 28, set_up_conv, eqs_bench_work_forward },
  { "conv-d4-train", 3 * CONV_GFLOP (28, 128), "D4", 28, set_up_conv, eqs_bench_work_train },
  { "conv-c8-fwd", CONV_GFLOP (28, 128), "C8", 28, set_up_conv, eqs_bench_work_forward },
  { "conv-c8-train", 3 * CONV_GFLOP (28, 128), "C8", 28, set_up_conv, eqs_bench_work_train },
  { "step-t01", 3 * T01_FORWARD - T01_FIRST, "T01", 0, set_up_template, work_step },
  { "eval-t01", T01_FORWARD, "T01", 0, set_up_template, eqs_bench_work_forward },
  { "step-t04", 3 * T04_FORWARD - T04_FIRST, "T04", 0, set_up_template, work_step },
  { "step-deepsets", 3 * T18_FORWARD, "T18", 0, set_up_template, work_step, (int) POINTS, 0 },
  { "step-settransformer", 3 * T19_FORWARD, "T19", 0, set_up_template, work_step, (int) POINTS, 0 },
  { "step-gin", 3 * T20_FORWARD, "T20", 0, set_up_template, work_step, 30, 60 },
  { "step-mpnn", 3 * MPNN_FORWARD, NULL, 0, set_up_template, work_step, 30, 60 },
  { "sh-l3-fwd", 0, "sph_harm", 0, eqs_bench_set_up_layer, eqs_bench_work_layer, 2, 100000, { "vector" }, "degree=3" },
  { "sh-l3-train", 0, "sph_harm", 0, eqs_bench_set_up_layer, eqs_bench_work_layer, 2, 100000, { "vector" }, "degree=3" },
  { "fctp-fwd", 0, "fctp", 0, eqs_bench_set_up_layer, eqs_bench_work_layer, 2000, 0, FCTP },
  { "fctp-train", 0, "fctp", 0, eqs_bench_set_up_layer, eqs_bench_work_layer, 2000, 0, FCTP },
  { "uvu-fwd", 0, "tp_uvu", 0, eqs_bench_set_up_layer, eqs_bench_work_layer, 500, 10000, UVU },
  { "uvu-train", 0, "tp_uvu", 0, eqs_bench_set_up_layer, eqs_bench_work_layer, 500, 10000, UVU },
  { "uvu-mlp-fwd", 0, "nequip_interaction", 0, eqs_bench_set_up_layer, eqs_bench_work_layer, 500, 10000, UVU_MLP },
  { "uvu-mlp-train", 0, "nequip_interaction", 0, eqs_bench_set_up_layer, eqs_bench_work_layer, 500, 10000, UVU_MLP },
  { "contraction-fwd", 0, "mace_product", 0, eqs_bench_set_up_layer, eqs_bench_work_layer, 500, 0, CONTRACTION },
  { "contraction-train", 0, "mace_product", 0, eqs_bench_set_up_layer, eqs_bench_work_layer, 500, 0, CONTRACTION },
  { "step-nequip", 0, NULL, 5, eqs_bench_set_up_molecule, eqs_bench_work_molecule },
  { "step-nequip-energy", 0, NULL, 5, eqs_bench_set_up_molecule, eqs_bench_work_molecule, .settings = "without forces" },
  { "infer-nequip", 0, NULL, 1, eqs_bench_set_up_molecule, eqs_bench_work_molecule },
  { "step-mace", 0, "T10", 5, eqs_bench_set_up_molecule, eqs_bench_work_molecule },
  { "compile-t09", 0, "T09", 0, set_up_document, work_compile },
  { "compile-t01", 0, "T01", 0, set_up_document, work_compile },
};

static const EqsWorkload *
find (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (workloads); i++)
    if (strcmp (workloads[i].name, name) == 0)
      return &workloads[i];
  return NULL;
}

const char *const *
eqs_bench_names (void)
{
  static const char *names[G_N_ELEMENTS (workloads) + 1];

  for (gsize i = 0; i < G_N_ELEMENTS (workloads); i++)
    names[i] = workloads[i].name;
  return names;
}

gboolean
eqs_bench_exists (const char *name)
{
  return find (name) != NULL;
}

gboolean
eqs_bench_is_available (const char *name)
{
  const EqsWorkload *workload = find (name);
  g_autoptr (EqsDocument) document = NULL;

  if (workload == NULL)
    return FALSE;
  if (workload->subject == NULL || (workload->set_up != set_up_template && workload->set_up != set_up_document && workload->set_up != eqs_bench_set_up_molecule))
    return TRUE;
  document = eqs_template_new (workload->subject, NULL);
  return document != NULL;
}

static void
tear_down (EqsBench *self)
{
  eqk_run_free (self->run);
  eqk_optimizer_free (self->optimizer);
  eqk_store_unref (self->store);
  if (self->check == NULL)
    {
      eqk_program_free (self->program);
      eqk_typed_unref (self->typed);
    }
  g_clear_pointer (&self->check, eqs_check_unref);
  g_clear_object (&self->document);
  eqk_pool_free (self->pool);
  g_free (self->labels);
  g_free (self->a);
  g_free (self->b);
  g_free (self->c);
}

static int
compare (const void *a, const void *b)
{
  const double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

static void
measure (EqsBench *self, EqsBenchResult *result)
{
  double seconds[MAX_RUNS], wall[MAX_RUNS], spent = 0;
  guint  n = 0;

  self->workload->work (self);   /* memory is touched, tables are made */
  result->first_s = self->threads == 1 ? self->cpu : self->wall;
  while (n < MAX_RUNS && (n < MIN_RUNS || spent < 2))
    {
      self->cpu = self->wall = 0;
      self->workload->work (self);
      seconds[n] = self->threads == 1 ? self->cpu : self->wall;
      wall[n] = self->wall;
      spent += self->wall;
      n++;
    }
  qsort (seconds, n, sizeof *seconds, compare);
  qsort (wall, n, sizeof *wall, compare);
  result->runs = n;
  result->min_s = seconds[0];
  result->median_s = n % 2 == 1 ? seconds[n / 2] : (seconds[n / 2 - 1] + seconds[n / 2]) / 2;
  result->wall_s = n % 2 == 1 ? wall[n / 2] : (wall[n / 2 - 1] + wall[n / 2]) / 2;
}

gboolean
eqs_bench_run (const char *name, int threads, double peak, EqsBenchResult *result, GError **error)
{
  EqsBench    self = { .workload = find (name), .threads = threads, .pool = eqk_pool_new (threads) };
  gboolean ok;

  g_return_val_if_fail (self.workload != NULL, FALSE);
  *result = (EqsBenchResult) { .name = self.workload->name, .gflops = NAN, .percent_of_peak = NAN, .gbytes_per_s = NAN };
  ok = self.workload->set_up (&self, error);
  if (ok)
    {
      measure (&self, result);
      if (self.workload->gflop > 0 || self.gflop > 0)
        {
          result->gflops = (self.workload->gflop > 0 ? self.workload->gflop : self.gflop) / result->median_s;
          result->percent_of_peak = 100 * result->gflops / peak;
        }
      if (self.workload->work == work_triad)
        result->gbytes_per_s = 12e-9 * TRIAD_FLOATS / result->median_s;
    }
  tear_down (&self);
  return ok;
}
