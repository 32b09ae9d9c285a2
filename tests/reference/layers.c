/*
 * layers_*.json: non-linearities, normalisations, pooling, up-sampling and restriction of escnn, forward and reverse, in
 * training and evaluation with the statistics kept between. Every entry becomes one layer of libeqk on a probe. Tensors of
 * the files are [sample, channel, row, column]; escnn sorts the parameters of norms by the size of the field first.
 */

#include "escnn.h"

#include "eqk/graph.h"
#include "eqk/run.h"
#include "graph/graph-private.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TOLERANCE 1e-5

/* How an entry is said in libeqk. */
typedef struct
{
  const char *prefix;       /* of "layer" */
  const char *layer[2], *settings[2];   /* a chain of one or two layers */
  int         n_gates;      /* first channels that go to the port "gates" */
} Rule;

static const Rule rules[] = {
  { "InnerBatchNorm(", { "inner_bn" }, { "" }, 0 },
  { "IIDBatchNorm2d(", { "iid_bn" }, { "" }, 0 },
  { "NormBatchNorm(", { "norm_bn" }, { "" }, 0 },
  { "NormNonLinearity(n_relu)", { "norm_act" }, { "act=relu" }, 0 },
  { "NormNonLinearity(n_sigmoid)", { "norm_act" }, { "act=sigmoid" }, 0 },
  { "NormNonLinearity(n_softplus)", { "norm_act" }, { "act=softplus" }, 0 },
  { "NormNonLinearity(squash)", { "norm_act" }, { "act=squash" }, 0 },
  { "GatedNonLinearity1(drop_gates=True)", { "gate" }, { "scalars=gate bias=on" }, 4 },
  { "GroupPooling(max over field)", { "group_pool" }, { "" }, 0 },
  { "FourierPointwise(p_elu,grid=regular,N=8)", { "fourier_act" }, { "act=elu n=8" }, 0 },
  { "FourierPointwise(p_elu,grid=regular,N=16)", { "fourier_act" }, { "act=elu n=16" }, 0 },
  { "FourierPointwise(p_relu,grid=regular,N=8)", { "fourier_act" }, { "act=relu n=8" }, 0 },
  { "PointwiseAvgPoolAntialiased2D(sigma=0.66,stride=2)", { "blur_pool" }, { "stride=2 sigma=0.66" }, 0 },
  { "PointwiseAvgPoolAntialiased2D(sigma=0.66,stride=1)", { "blur_pool" }, { "stride=1 sigma=0.66" }, 0 },
  { "PointwiseAvgPoolAntialiased2D(sigma=1.0,stride=2)", { "blur_pool" }, { "stride=2 sigma=1" }, 0 },
  { "PointwiseMaxPoolAntialiased2D(kernel_size=2,stride=2,sigma=0.6)", { "maxpool_aa" }, { "k=2 stride=2 sigma=0.6" }, 0 },
  { "PointwiseMaxPool2D(kernel_size=3,stride=2,padding=1)", { "maxpool_pw" }, { "k=3 stride=2 pad=1" }, 0 },
  { "PointwiseAdaptiveAvgPool2D(output=2)", { "avgpool" }, { "k=5 stride=4" }, 0 },
  { "R2Upsampling(scale=2,bilinear,align_corners=True)", { "upsample" }, { "rule=size size=10" }, 0 },
  { "RestrictionModule+DisentangleModule(subgroup=(None, 4))", { "restrict" }, { "group=C4" }, 0 },
  { "RestrictionModule+DisentangleModule(subgroup=4)", { "restrict" }, { "group=C4" }, 0 },
};

typedef struct
{
  RefCase      *c;
  const EqkRep *in;
  int           batch, channels, h, w, n_gates;
  EqkTyped     *typed;
  EqkProgram   *program;
  EqkStore     *store;
  EqkRun       *run;
} Layer;

/* ---- making the layer ---- */

static bool
add_probe (Layer *self, EqkGraph *graph, const char *id, const EqkRep *rep)
{
  const EqkGroup   *group = eqk_rep_get_group (rep);
  const EqkPortType type = { .space = { EQK_SPACE_GRID, self->h, self->w, 0 }, .symmetry = { group, true, EQK_PERMUTE_NONE }, .rep = rep,
                             .kind = EQK_KIND_FEATURE, .guarantee = { EQK_HOLDS_EXACT, eqk_guarantee_full_mask (group), -1, NULL } };

  return eqk_graph_add_probe (graph, id, &type, NULL, NULL) == EQK_OK;
}

static bool
add_layer (Layer *self, EqkGraph *graph, const char *id, const char *layer, const char *text)
{
  EqkSettings *settings = NULL;
  EqkDiag      diag = EQK_DIAG_INIT;
  bool         good = eqk_settings_parse (text, &settings, &diag) == EQK_OK && eqk_graph_add (graph, id, layer, settings, NULL, NULL, &diag) == EQK_OK;

  eqk_settings_free (settings);
  return ref_check (self->c, good, "no layer “%s”: %s", layer, diag.what);
}

/* The fields after the gates. */
static const EqkRep *
without_first (const EqkRep *rep, int n_fields)
{
  EqkRepRun runs[16];
  int       n = 0;

  for (int r = 0; r < eqk_rep_n_runs (rep); r++)
    {
      EqkRepRun run = eqk_rep_run (rep, r);
      const int taken = run.mul < n_fields ? run.mul : n_fields;

      n_fields -= taken;
      run.mul -= taken;
      if (run.mul > 0 && n < 16)
        runs[n++] = run;
    }
  return eqk_rep_from_runs (eqk_rep_get_group (rep), runs, n);
}

static bool
make_graph (Layer *self, const Rule *rule, EqkGraph *graph)
{
  const char *last = "layer";
  const EqkRep *x = self->n_gates > 0 ? without_first (self->in, self->n_gates) : self->in;

  graph->bare = true;
  if (!add_layer (self, graph, "layer", rule->layer[0], rule->settings[0]) || !ref_check (self->c, add_probe (self, graph, "x", x), "no input") ||
      !ref_check (self->c, eqk_graph_link (graph, "x", "y", "layer", "x", NULL) == EQK_OK, "no port “x”"))
    return false;
  if (self->n_gates > 0)
    {
      const EqkRep *gates = eqk_rep_single (eqk_group_trivial (eqk_rep_get_group (self->in)), self->n_gates);

      if (!ref_check (self->c, add_probe (self, graph, "gates", gates) && eqk_graph_link (graph, "gates", "y", "layer", "gates", NULL) == EQK_OK, "no gates"))
        return false;
    }
  if (rule->layer[1] != NULL)
    return add_layer (self, graph, "second", rule->layer[1], rule->settings[1]) &&
           ref_check (self->c, eqk_graph_link (graph, last, "y", "second", "x", NULL) == EQK_OK, "no chain");
  return true;
}

static void
layer_clear (Layer *self)
{
  eqk_run_free (self->run);
  eqk_store_unref (self->store);
  eqk_program_free (self->program);
  eqk_typed_unref (self->typed);
}

static bool
layer_make (Layer *self, const Rule *rule)
{
  const EqkSymmetry symmetry = { eqk_rep_get_group (self->in), true, EQK_PERMUTE_NONE };
  EqkGraph         *graph = eqk_graph_new (&symmetry);
  EqkRunOptions     options = { .precision = EQK_F64, .train = true, .input_grads = true, .capacity = { .batch = self->batch } };
  EqkCompileOptions compile = { .keep_all = true };
  EqkDiag           diag = EQK_DIAG_INIT;
  bool              good = graph != NULL && make_graph (self, rule, graph) && eqk_graph_infer (graph, &self->typed, &diag) == EQK_OK;

  eqk_graph_free (graph);
  for (int i = 0; good && i < eqk_typed_n_problems (self->typed); i++)
    {
      const EqkProblem *problem = eqk_typed_problem (self->typed, i);

      good = ref_check (self->c, problem->rule->blocks != EQK_BLOCKS_RUN, "%s: %s", problem->rule->code, problem->args != NULL ? problem->args : "");
    }
  if (!good)
    return false;
  if (eqk_compile (self->typed, &compile, &self->program, &diag) != EQK_OK)
    return ref_check (self->c, false, "%s", diag.what);
  self->store = eqk_store_new (self->program, EQK_F64, 1);
  return ref_check (self->c, self->store != NULL && eqk_run_new (self->program, self->store, &options, &self->run, &diag) == EQK_OK, "%s", diag.what);
}

/* ---- tensors ---- */

/* [sample, channel, row, column] of channels first .. first + n of `all`, to or from [sample, row, column, channel]. */
static void
reorder (const Layer *self, double *planes, int all, int first, int n, int h, int w, double *rows, bool to_rows)
{
  for (int b = 0; b < self->batch; b++)
    for (int c = 0; c < n; c++)
      for (int p = 0; p < h * w; p++)
        {
          double *plane = &planes[(size_t) (b * all + first + c) * (size_t) (h * w) + (size_t) p];
          double *row = &rows[(size_t) (b * h * w + p) * (size_t) n + (size_t) c];

          if (to_rows)
            *row = *plane;
          else
            *plane = *row;
        }
}

static bool
ends_with (const char *text, const char *end)
{
  return strlen (text) >= strlen (end) && strcmp (text + strlen (text) - strlen (end), end) == 0;
}

/* Number of field f when those of its size are counted, or of all fields sorted by size. */
static int
rank_of (const EqkRep *rep, int f, bool within_size)
{
  const int dim = eqk_field_get_dim (eqk_rep_field (rep, f, NULL));
  int       rank = 0;

  for (int g = 0; g < eqk_rep_n_fields (rep); g++)
    {
      const int other = eqk_field_get_dim (eqk_rep_field (rep, g, NULL));

      rank += (other == dim && g < f) || (!within_size && other < dim);
    }
  return rank;
}

static double *
tensor_of (const Layer *self, const char *name, bool gradient)
{
  char full[64];

  snprintf (full, sizeof full, "layer.%s", name);
  for (int v = 0; v < eqk_program_n_values (self->program); v++)
    {
      const EqkValue *value = eqk_program_value (self->program, v);

      if (value->name == NULL || strcmp (value->name, full) != 0)
        continue;
      if (value->kind == EQK_VALUE_STATE)
        return (double *) eqk_store_state (self->store) + value->offset;
      return (double *) (gradient ? eqk_run_weight_grads (self->run) : eqk_store_weights (self->store)) + value->offset;
    }
  return NULL;
}

/* Invariant column number 0 of a field, one channel. */
static double
trivial_column (const EqkField *field, int channel)
{
  const double *basis = eqk_field_basis (field);
  int           at = 0;

  for (int i = 0; i < eqk_field_n_irreps (field); at += eqk_field_get_dim (eqk_field_irrep (field, i)), i++)
    if (eqk_field_is_trivial (eqk_field_irrep (field, i)))
      return basis == NULL ? channel == at : basis[channel * eqk_field_get_dim (field) + at];
  return 0;
}

/*
 * One parameter of the file: which of ours it is, by its ending, and in what order. Sizes in brackets ("batch_norm_[4].")
 * select fields; "log_bias" and gates count all fields by size. Writes it (compare NULL) or compares.
 */
static void
visit_parameter (Layer *self, const cJSON *item, bool gradient, bool compare)
{
  static const struct { const char *end, *name; } names[] = {
    { "running_mean", "running_mean" }, { "running_var", "running_var" }, { "log_bias", "bias" }, { "weight", "weight" }, { "bias", "bias" },
  };
  RefCase    *c = self->c;
  const char *key = item->string, *name = NULL;
  const char *size_text = strstr (key, "norm_[");
  const int   only = size_text != NULL ? atoi (size_text + 6) : 0;
  const EqkRep *rep = self->n_gates > 0 ? without_first (self->in, self->n_gates) : self->in;
  const cJSON  *shape = ref_get (c, item, "shape");
  size_t      n = 1;
  double     *theirs, *ours;

  for (size_t i = 0; name == NULL && i < sizeof names / sizeof names[0]; i++)
    if (ends_with (key, names[i].end))
      name = names[i].name;
  if (!ref_check (c, name != NULL, "unknown parameter “%s”", key))
    return;
  for (int i = 0; i < cJSON_GetArraySize (shape); i++)
    n *= (size_t) ref_int (c, ref_at (c, shape, i));
  ours = tensor_of (self, name, gradient);
  theirs = ref_numbers (c, key, ref_get (c, item, "data"), n);
  if (!ref_check (c, ours != NULL, "libeqk has no “%s”", name) || theirs == NULL)
    {
      free (theirs);
      return;
    }
  for (int f = 0; f < eqk_rep_n_fields (rep); f++)
    {
      const EqkField *field = eqk_rep_field (rep, f, NULL);
      const int       dim = eqk_field_get_dim (field), rank = rank_of (rep, f, only > 0);

      if (only > 0 && dim != only)
        continue;
      if (strcmp (name, "running_mean") == 0 && only == 0)      /* one number a channel */
        {
          for (int k = 0; k < dim && ref_check (c, (size_t) (rank * dim + k) < n, "length of %s", key); k++)
            if (compare)
              ref_near (c, key, ours[f] * trivial_column (field, k), theirs[rank * dim + k], TOLERANCE);
        }
      else if (ref_check (c, (size_t) rank < n, "length of %s", key))
        {
          if (compare)
            ref_near (c, key, ours[f], theirs[rank], TOLERANCE);
          else
            ours[f] = theirs[rank];
        }
    }
  free (theirs);
}

static void
visit_parameters (Layer *self, const cJSON *list, bool gradient, bool compare)
{
  for (const cJSON *item = list == NULL ? NULL : list->child; item != NULL; item = item->next)
    visit_parameter (self, item, gradient, compare);
}

/* ---- running ---- */

static void
compare_planes (Layer *self, const char *what, const cJSON *tensor, int all, int first, int n, int h, int w, const double *rows)
{
  const int dims[] = { self->batch, all, h, w };
  double   *theirs = ref_tensor (self->c, what, tensor, dims, 4);
  double   *mine = malloc ((size_t) self->batch * (size_t) n * (size_t) (h * w) * sizeof *mine);

  if (theirs != NULL && mine != NULL)
    {
      reorder (self, theirs, all, first, n, h, w, mine, true);
      for (size_t i = 0; i < (size_t) self->batch * (size_t) n * (size_t) (h * w); i++)
        ref_near (self->c, what, rows[i], mine[i], TOLERANCE);
    }
  free (theirs);
  free (mine);
}

/* One pass of the file: y, grad_x and gradients of parameters. */
static void
run_pass (Layer *self, const cJSON *pass, double *x, EqkPassMode mode)
{
  const EqkProgramOutput *out = eqk_program_output (self->program, 0);
  const int h = out->type.space.h, w = out->type.space.w, n = eqk_rep_get_dim (out->type.rep), g = self->n_gates;
  const int dims[] = { self->batch, n, h, w };
  const int in = eqk_program_feed (self->program, "x"), gates = eqk_program_feed (self->program, "gates");
  double   *grad_y = ref_tensor (self->c, "grad_y", ref_get (self->c, pass, "grad_y"), dims, 4);

  if (grad_y == NULL)
    return;
  reorder (self, x, self->channels, g, self->channels - g, self->h, self->w, eqk_run_feed (self->run, in), true);
  if (g > 0)
    reorder (self, x, self->channels, 0, g, self->h, self->w, eqk_run_feed (self->run, gates), true);
  eqk_store_touch (self->store);
  if (ref_check (self->c, eqk_run_forward (self->run, mode, NULL) == EQK_OK, "forward"))
    {
      compare_planes (self, "y", ref_get (self->c, pass, "y"), n, 0, n, h, w, eqk_run_value (self->run, out->value));
      reorder (self, grad_y, n, 0, n, h, w, eqk_run_seed (self->run, 0), true);
      if (ref_check (self->c, eqk_run_backward (self->run, NULL) == EQK_OK, "backward"))
        {
          compare_planes (self, "grad_x", ref_get (self->c, pass, "grad_x"), self->channels, g, self->channels - g, self->h, self->w, eqk_run_grad (self->run, in));
          if (g > 0)
            compare_planes (self, "grad_x", ref_get (self->c, pass, "grad_x"), self->channels, 0, g, self->h, self->w, eqk_run_grad (self->run, gates));
          visit_parameters (self, cJSON_GetObjectItem (pass, "grad_params"), true, true);
        }
    }
  if (mode == EQK_PASS_TRAIN)
    {
      eqk_run_commit (self->run);
      visit_parameters (self, cJSON_GetObjectItem (pass, "buffers_after"), false, true);
    }
  free (grad_y);
}

static void
run_entry (RefCase *c, const cJSON *entry)
{
  const char     *name = cJSON_GetStringValue (ref_get (c, entry, "layer"));
  const EqkGroup *group = escnn_group (c, ref_get (c, entry, "group"));
  const cJSON    *shape = ref_get (c, ref_get (c, entry, "x"), "shape"), *train = cJSON_GetObjectItem (entry, "train");
  const Rule     *rule = NULL;
  Layer           self = { .c = c };
  double         *x;

  for (size_t i = 0; name != NULL && i < sizeof rules / sizeof rules[0]; i++)
    if (strncmp (name, rules[i].prefix, strlen (rules[i].prefix)) == 0)
      rule = &rules[i];
  if (group == NULL || !ref_check (c, rule != NULL, "an unknown layer"))
    return;
  if (!ref_check (c, eqk_layer_find (rule->layer[0]) != NULL, "libeqk has no layer “%s” yet", rule->layer[0]))
    return;
  self.in = escnn_rep (c, group, ref_get (c, entry, "in"));
  self.batch = ref_int (c, ref_at (c, shape, 0));
  self.channels = ref_int (c, ref_at (c, shape, 1));
  self.h = ref_int (c, ref_at (c, shape, 2));
  self.w = ref_int (c, ref_at (c, shape, 3));
  self.n_gates = rule->n_gates;
  if (self.in == NULL || !ref_check (c, eqk_rep_get_dim (self.in) == self.channels && self.batch > 0 && self.h > 0 && self.w > 0, "extents"))
    return;
  x = ref_tensor (c, "x", ref_get (c, entry, "x"), (const int[]) { self.batch, self.channels, self.h, self.w }, 4);
  if (x != NULL && layer_make (&self, rule))
    {
      visit_parameters (&self, cJSON_GetObjectItem (entry, "params"), false, false);
      if (train != NULL)
        run_pass (&self, train, x, EQK_PASS_TRAIN);
      run_pass (&self, ref_get (c, entry, "eval"), x, EQK_PASS_INFER);
    }
  layer_clear (&self);
  free (x);
}

void
ref_run_layers (RefFile *file)
{
  int index = 0;

  for (const cJSON *entry = cJSON_IsArray (file->root) ? file->root->child : NULL; entry != NULL; entry = entry->next, index++)
    {
      const char *name = cJSON_GetStringValue (cJSON_GetObjectItem (entry, "layer"));
      const char *group = cJSON_GetStringValue (cJSON_GetObjectItem (entry, "group"));
      RefCase     c = ref_case_open (file, "%d %s %s", index, name != NULL ? name : "?", group != NULL ? group : "?");

      run_entry (&c, entry);
      ref_case_close (&c);
    }
}
