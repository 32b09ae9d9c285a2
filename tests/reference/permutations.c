/*
 * sets.json, graphs.json: layers of the authors' code of Deep Sets and Set Transformer, and of PyTorch Geometric, forward and reverse in float64;
 * graphs_formulas.json: further ones by their formulas in torch.
 * Every entry becomes a chain of layers of libeqk on probes. Weights are matched by name; one of the file may stand for two of ours (where
 * the pooled part has the weights of the other with the sign changed), and its gradient is then the sum.
 */

#include "reference.h"

#include "eqk/graph.h"
#include "eqk/run.h"
#include "graph/graph-private.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TOLERANCE 2e-8      /* the files have ten digits */

enum { MAX_STEPS = 3, MAX_NAMES = 24, MAX_SAMPLES = 8, MAX_EDGES = 64 };

/* A weight of the file, ours by its name, the factor from theirs to ours. */
typedef struct { const char *theirs, *ours; double sign; } Name;

typedef struct
{
  const char *layer;                                /* of the entry; the first that it begins with */
  struct { const char *layer, *settings; } chain[MAX_STEPS];
  const char *second;                               /* port of the second input, "" where edges are links alone, NULL: none */
  Name        names[MAX_NAMES];
} Rule;

#define MAB(theirs, ours)                                                                                                                     \
  { theirs "fc_q.weight", ours "q.weight", 1 }, { theirs "fc_q.bias", ours "q.bias", 1 }, { theirs "fc_k.weight", ours "k.weight", 1 },       \
  { theirs "fc_k.bias", ours "k.bias", 1 }, { theirs "fc_v.weight", ours "v.weight", 1 }, { theirs "fc_v.bias", ours "v.bias", 1 },           \
  { theirs "fc_o.weight", ours "ff.weight", 1 }, { theirs "fc_o.bias", ours "ff.bias", 1 }
#define NORMS(theirs, ours)                                                                                                                   \
  { theirs "ln0.weight", ours "norm0.weight", 1 }, { theirs "ln0.bias", ours "norm0.bias", 1 }, { theirs "ln1.weight", ours "norm1.weight", 1 }, \
  { theirs "ln1.bias", ours "norm1.bias", 1 }
#define BOTH  { { "Gamma.weight", "a.lambda.weight", 1 }, { "Gamma.bias", "a.lambda.bias", 1 }, { "Lambda.weight", "a.gamma.weight", -1 } }
#define TIED  { { "Gamma.weight", "a.lambda.weight", 1 }, { "Gamma.weight", "a.gamma.weight", -1 }, { "Gamma.bias", "a.lambda.bias", 1 } }
#define PHI_RHO                                                                                                                               \
  { { "phi.0.weight", "a.0.weight", 1 }, { "phi.0.bias", "a.0.bias", 1 }, { "phi.2.weight", "a.1.weight", 1 }, { "phi.2.bias", "a.1.bias", 1 }, \
    { "rho.0.weight", "c.0.weight", 1 }, { "rho.0.bias", "c.0.bias", 1 }, { "rho.2.weight", "c.1.weight", 1 }, { "rho.2.bias", "c.1.bias", 1 } }
#define PHI_POOL_RHO(pool) { { "phi", "widths=[5,5] end=on" }, { "rho_pool", "pool=" pool }, { "mlp_head", "hidden=[5] out=3 gives=numbers" } }
#define MESSAGES                                                                                                                              \
  { { "msg.0.weight", "a.message.0.weight", 1 }, { "msg.0.bias", "a.message.0.bias", 1 }, { "msg.2.weight", "a.message.1.weight", 1 },         \
    { "msg.2.bias", "a.message.1.bias", 1 }, { "upd.0.weight", "a.update.0.weight", 1 }, { "upd.0.bias", "a.update.0.bias", 1 },               \
    { "upd.2.weight", "a.update.1.weight", 1 }, { "upd.2.bias", "a.update.1.bias", 1 } }
#define ATTENTION                                                                                                                             \
  { { "lin.weight", "a.lin.weight", 1 }, { "att_src", "a.att_src", 1 }, { "att_dst", "a.att_dst", 1 }, { "bias", "a.bias", 1 } }
#define PAIRWISE                                                                                                                              \
  { { "first.weight", "a.first.weight", 1 }, { "first.bias", "a.first.bias", 1 }, { "second.weight", "a.second.weight", 1 },                  \
    { "last.weight", "a.last.weight", 1 }, { "bias", "a.bias", 1 } }

static const Rule set_rules[] = {
  { "DeepSets equivariant max Gamma x - Lambda", { { "deepsets_equiv", "channels=2 pool=max" } }, NULL, BOTH },
  { "DeepSets equivariant mean Gamma x - Lambda", { { "deepsets_equiv", "channels=2 pool=mean" } }, NULL, BOTH },
  { "DeepSets equivariant max Gamma (x", { { "deepsets_equiv", "channels=2 pool=max" } }, NULL, TIED },
  { "DeepSets equivariant mean Gamma (x", { { "deepsets_equiv", "channels=2 pool=mean" } }, NULL, TIED },
  { "DeepSets invariant phi-sum-rho", PHI_POOL_RHO ("sum"), NULL, PHI_RHO },
  { "DeepSets invariant phi-mean-rho", PHI_POOL_RHO ("mean"), NULL, PHI_RHO },
  { "DeepSets invariant phi-max-rho", PHI_POOL_RHO ("max"), NULL, PHI_RHO },
  { "SetTransformer MAB heads=2 ln=False", { { "mab", "channels=4 heads=2 form=original norm=off" } }, "y", { MAB ("", "a.") } },
  { "SetTransformer MAB heads=2 ln=True", { { "mab", "channels=4 heads=2 form=original" } }, "y", { MAB ("", "a."), NORMS ("", "a.") } },
  { "SetTransformer SAB", { { "sab", "channels=4 heads=2 form=original norm=off" } }, NULL, { MAB ("mab.", "a.") } },
  { "SetTransformer ISAB", { { "isab", "channels=4 heads=2 points=3 form=original" } }, NULL,
    { { "I", "a.points", 1 }, MAB ("mab0.", "a.gather."), MAB ("mab1.", "a.give."), NORMS ("mab0.", "a.gather."), } },
  { "SetTransformer PMA seeds=2", { { "pma", "seeds=2 channels=4 heads=2 form=original norm=off" } }, NULL, { { "S", "a.seeds", 1 }, MAB ("mab.", "a.mab.") } },
};

/* What does not fit into the list above: the second norms of ISAB. */
static const Name isab_rest[] = { NORMS ("mab1.", "a.give.") };

static const Rule graph_rules[] = {
  { "GCNConv edge_weight", { { "gcn", "channels=4 weights=on" } }, "edges", { { "lin.weight", "a.weight", 1 }, { "bias", "a.bias", 1 } } },
  { "GCNConv", { { "gcn", "channels=4" } }, "", { { "lin.weight", "a.weight", 1 }, { "bias", "a.bias", 1 } } },
  { "GINConv eps=0.3 train_eps", { { "gin", "widths=[4,4] learn_eps=on eps=0.3" } }, "",
    { { "eps", "a.eps", 1 }, { "nn.0.weight", "a.0.weight", 1 }, { "nn.0.bias", "a.0.bias", 1 }, { "nn.2.weight", "a.1.weight", 1 }, { "nn.2.bias", "a.1.bias", 1 } } },
  { "GATConv heads=2 concat", { { "gat", "channels=4 heads=2" } }, "", ATTENTION },
  { "GATConv heads=2 mean", { { "gat", "channels=4 heads=2 join=mean" } }, "", ATTENTION },
  { "SAGEConv mean", { { "sage", "channels=4" } }, "", { { "lin_l.weight", "a.lin_l.weight", 1 }, { "lin_l.bias", "a.lin_l.bias", 1 }, { "lin_r.weight", "a.lin_r.weight", 1 } } },
  { "MessagePassing sum", { { "mpnn", "message=[4,4] widths=[4,3]" } }, "edges", MESSAGES },
  { "MessagePassing mean", { { "mpnn", "message=[4,4] widths=[4,3] pool=mean" } }, "edges", MESSAGES },
  { "MessagePassing max", { { "mpnn", "message=[4,4] widths=[4,3] pool=max" } }, "edges", MESSAGES },
  { "global_add_pool", { { "global_pool", "pool=sum" } }, NULL, { { NULL, NULL, 0 } } },
  { "global_mean_pool", { { "global_pool", "pool=mean" } }, NULL, { { NULL, NULL, 0 } } },
  { "global_max_pool", { { "global_pool", "pool=max" } }, NULL, { { NULL, NULL, 0 } } },
  { "AttentionalAggregation", { { "attention_pool", "values=[4]" } }, NULL,
    { { "gate_nn.weight", "a.gate.0.weight", 1 }, { "gate_nn.bias", "a.gate.0.bias", 1 }, { "nn.weight", "a.values.0.weight", 1 }, { "nn.bias", "a.values.0.bias", 1 } } },
  { "Edge GATConv", { { "gat", "channels=4 heads=2 reads_edges=on" } }, "edges",
    { { "lin.weight", "a.lin.weight", 1 }, { "att_src", "a.att_src", 1 }, { "att_dst", "a.att_dst", 1 }, { "lin_edge.weight", "a.lin_edge.weight", 1 },
      { "att_edge", "a.att_edge", 1 }, { "bias", "a.bias", 1 } } },
  { "Edge GATv2Conv", { { "gatv2", "channels=4 heads=2 reads_edges=on" } }, "edges",
    { { "lin_l.weight", "a.lin_l.weight", 1 }, { "lin_l.bias", "a.lin_l.bias", 1 }, { "lin_r.weight", "a.lin_r.weight", 1 }, { "lin_r.bias", "a.lin_r.bias", 1 },
      { "lin_edge.weight", "a.lin_edge.weight", 1 }, { "att", "a.att", 1 }, { "bias", "a.bias", 1 } } },
  { "GraphNorm", { { "graph_norm", "" } }, NULL, { { "weight", "a.weight", 1 }, { "bias", "a.bias", 1 }, { "mean_scale", "a.mean_scale", 1 } } },
  { "TopKPooling mean", { { "topk_pool", "" } }, NULL, { { "weight", "a.weight", 1 } } },
  { "TopKPooling sum", { { "topk_pool", "pool=sum" } }, NULL, { { "weight", "a.weight", 1 } } },
  { "Pairs sum", { { "pairwise_set", "hidden=[5] channels=4" } }, NULL, PAIRWISE },
  { "Pairs mean", { { "pairwise_set", "hidden=[5] channels=4 pool=mean" } }, NULL, PAIRWISE },
  { "SoftmaxAggregation", { { "global_pool", "pool=softmax" } }, NULL, { { "t", "a.t", 1 } } },
};

typedef struct
{
  RefCase     *c;
  const cJSON *entry;
  const Rule  *rule;
  int32_t      counts[MAX_SAMPLES];    /* nodes of each sample */
  int          n_samples, width, second_rows, second_width;
  int32_t      src[MAX_EDGES], dst[MAX_EDGES];
  uint32_t     order[MAX_EDGES];
  int          n_edges;
  EqkGraph    *graph;
  EqkTyped    *typed;
  EqkProgram  *program;
  EqkStore    *store;
  EqkRun      *run;
} Layer;

/* ---- reading an entry ---- */

static int
shape_of (RefCase *c, const cJSON *tensor, int *dims, int max)
{
  const cJSON *shape = ref_get (c, tensor, "shape");
  const int    n = cJSON_GetArraySize (shape);

  for (int i = 0; i < n && i < max; i++)
    dims[i] = ref_int (c, ref_at (c, shape, i));
  return n;
}

/* The numbers of a tensor whose shape holds n. */
static const cJSON *
data_of (RefCase *c, const char *what, const cJSON *tensor, size_t n)
{
  const cJSON *shape = ref_get (c, tensor, "shape");
  double       product = 1;

  for (int i = 0; i < cJSON_GetArraySize (shape); i++)
    product *= ref_number (c, ref_at (c, shape, i));
  ref_check (c, product == (double) n, "%s: the shape holds %g numbers, expected %zu", what, product, n);
  return ref_get (c, tensor, "data");
}

/* Sets: [samples, elements, channels]. Graphs: [nodes, channels], with the sample of each node in "batch". */
static bool
read_nodes (Layer *self)
{
  const cJSON *batch = cJSON_GetObjectItemCaseSensitive (self->entry, "batch"), *x = ref_at (self->c, ref_get (self->c, self->entry, "inputs"), 0);
  int          dims[3] = { 0, 0, 0 };
  const int    n = shape_of (self->c, x, dims, 3);

  if (batch == NULL)
    {
      if (!ref_check (self->c, n == 3 && dims[0] >= 1 && dims[0] <= MAX_SAMPLES, "the input is no batch of sets"))
        return false;
      self->n_samples = dims[0];
      for (int s = 0; s < dims[0]; s++)
        self->counts[s] = dims[1];
      self->width = dims[2];
      return true;
    }
  if (!ref_check (self->c, n == 2, "the input is no rows of nodes") || !ref_length (self->c, "batch", batch, dims[0]))
    return false;
  self->width = dims[1];
  for (int i = 0; i < dims[0]; i++)
    {
      const int s = ref_int (self->c, ref_at (self->c, batch, i));

      if (!ref_check (self->c, s >= 0 && s < MAX_SAMPLES && s >= self->n_samples - 1, "batch[%d] is %d", i, s))
        return false;
      self->n_samples = s + 1;
      self->counts[s]++;
    }
  return true;
}

static bool
read_edges (Layer *self)
{
  const cJSON *edges = cJSON_GetObjectItemCaseSensitive (self->entry, "edge_index");

  if (edges == NULL)
    return true;
  self->n_edges = cJSON_GetArraySize (ref_at (self->c, edges, 0));
  if (!ref_check (self->c, self->n_edges <= MAX_EDGES, "too many edges") || !ref_length (self->c, "edge_index", ref_at (self->c, edges, 1), self->n_edges))
    return false;
  for (int e = 0; e < self->n_edges; e++)
    {
      self->src[e] = ref_int (self->c, ref_at (self->c, ref_at (self->c, edges, 0), e));
      self->dst[e] = ref_int (self->c, ref_at (self->c, ref_at (self->c, edges, 1), e));
    }
  return true;
}

/* A second input has rows of its own: of edges [edges (, channels)], or [samples, elements, channels]. */
static bool
read_second (Layer *self)
{
  int dims[3] = { 0, 1, 1 }, n;

  self->second_width = 1;
  if (self->rule->second == NULL || self->rule->second[0] == '\0')
    return true;
  n = shape_of (self->c, ref_at (self->c, ref_get (self->c, self->entry, "inputs"), 1), dims, 3);
  self->second_rows = n == 3 ? dims[1] : 0;
  self->second_width = n == 3 ? dims[2] : n == 2 ? dims[1] : 1;
  return ref_check (self->c, n >= 1 && n <= 3, "the second input has %d axes", n);
}

/* ---- making the layer ---- */

static bool
add_probe (Layer *self, const char *id, EqkSpace space, EqkKind kind, int width)
{
  const EqkGroup   *group = eqk_group_get ("triv");
  const EqkPortType type = { .space = space, .symmetry = { group, false, EQK_PERMUTE_GRAPH }, .rep = eqk_rep_single (eqk_group_trivial (group), width), .kind = kind,
                             .guarantee = { EQK_HOLDS_EXACT, eqk_guarantee_full_mask (group), -1, NULL } };

  return ref_check (self->c, eqk_graph_add_probe (self->graph, id, &type, NULL, NULL) == EQK_OK, "no input");
}

static bool
add_chain (Layer *self)
{
  static const char *const ids[MAX_STEPS] = { "a", "b", "c" };
  EqkDiag                  diag = EQK_DIAG_INIT;
  bool                     good = true;

  for (int i = 0; good && i < MAX_STEPS && self->rule->chain[i].layer != NULL; i++)
    {
      EqkSettings *settings = NULL;

      good = eqk_settings_parse (self->rule->chain[i].settings, &settings, &diag) == EQK_OK &&
             eqk_graph_add (self->graph, ids[i], self->rule->chain[i].layer, settings, NULL, NULL, &diag) == EQK_OK &&
             eqk_graph_link (self->graph, i == 0 ? "x" : ids[i - 1], "y", ids[i], "x", &diag) == EQK_OK;
      eqk_settings_free (settings);
    }
  if (good && self->rule->second != NULL)
    good = eqk_graph_link (self->graph, "second", "y", "a", self->rule->second[0] == '\0' ? "edges" : self->rule->second, &diag) == EQK_OK;
  return ref_check (self->c, good, "%s", diag.what);
}

static bool
layer_make (Layer *self)
{
  const EqkSymmetry symmetry = { eqk_group_get ("triv"), false, EQK_PERMUTE_GRAPH };
  const EqkSpace    nodes = { EQK_SPACE_NODES, 0, 0, 0 }, edges = { EQK_SPACE_EDGES, 0, 0, 0 };
  EqkRunOptions     options = { .precision = EQK_F64, .train = true, .input_grads = true, .capacity = { MAX_SAMPLES, 64, MAX_EDGES, 512 } };
  EqkDiag           diag = EQK_DIAG_INIT;
  const char       *second = self->rule->second;

  self->graph = eqk_graph_new (&symmetry);
  self->graph->bare = true;
  if (!add_probe (self, "x", nodes, EQK_KIND_FEATURE, self->width))
    return false;
  if (second != NULL && !add_probe (self, "second", self->second_rows > 0 ? (EqkSpace) { EQK_SPACE_GRID, self->second_rows, 1, 0 } : edges,
                                    second[0] == '\0' ? EQK_KIND_EDGES : EQK_KIND_FEATURE, self->second_width))
    return false;
  if (!add_chain (self))
    return false;
  if (!ref_check (self->c, eqk_graph_infer (self->graph, &self->typed, &diag) == EQK_OK && eqk_compile (self->typed, NULL, &self->program, &diag) == EQK_OK, "%s: %s", diag.node, diag.what))
    return false;
  self->store = eqk_store_new (self->program, EQK_F64, 1);
  return ref_check (self->c, eqk_run_new (self->program, self->store, &options, &self->run, &diag) == EQK_OK, "%s", diag.what);
}

static void
layer_clear (Layer *self)
{
  eqk_run_free (self->run);
  eqk_store_unref (self->store);
  eqk_program_free (self->program);
  eqk_typed_unref (self->typed);
  eqk_graph_free (self->graph);
}

/* ---- comparing ---- */

static const Name *
name_at (const Layer *self, int i)
{
  int n = 0;

  while (n < MAX_NAMES && self->rule->names[n].theirs != NULL)
    n++;
  if (i < n)
    return &self->rule->names[i];
  if (strstr (self->rule->layer, "ISAB") != NULL && i - n < (int) (sizeof isab_rest / sizeof isab_rest[0]))
    return &isab_rest[i - n];
  return NULL;
}

static const EqkValue *
find_weight (const Layer *self, const char *name)
{
  for (int v = 0; v < eqk_program_n_values (self->program); v++)
    if (eqk_program_value (self->program, v)->kind == EQK_VALUE_WEIGHT && strcmp (eqk_program_value (self->program, v)->name, name) == 0)
      return eqk_program_value (self->program, v);
  return NULL;
}

/* Every weight of ours gets numbers, and every one of theirs is used. */
static bool
put_weights (Layer *self)
{
  const cJSON *params = ref_get (self->c, self->entry, "params"), *item;
  size_t       covered = 0;

  for (int i = 0; name_at (self, i) != NULL; i++)
    {
      const Name     *name = name_at (self, i);
      const EqkValue *weight = find_weight (self, name->ours);
      double         *numbers;

      if (!ref_check (self->c, weight != NULL, "no weight “%s”", name->ours))
        return false;
      numbers = ref_numbers (self->c, name->theirs, data_of (self->c, name->theirs, ref_get (self->c, params, name->theirs), (size_t) weight->width), (size_t) weight->width);
      for (int k = 0; numbers != NULL && k < weight->width; k++)
        ((double *) eqk_store_weights (self->store))[weight->offset + (size_t) k] = name->sign * numbers[k];
      free (numbers);
      covered += (size_t) weight->width;
    }
  eqk_store_touch (self->store);
  if (!ref_check (self->c, covered == eqk_program_n_weights (self->program), "%zu of %zu weights are in the file", covered, eqk_program_n_weights (self->program)))
    return false;
  cJSON_ArrayForEach (item, params)
    {
      bool used = false;

      for (int i = 0; name_at (self, i) != NULL; i++)
        used = used || strcmp (name_at (self, i)->theirs, item->string) == 0;
      if (!ref_check (self->c, used, "the weight “%s” is not used", item->string))
        return false;
    }
  return true;
}

/* Rows of edges stand where the run has sorted them to. */
static size_t
row_of (const Layer *self, const EqkValue *value, size_t row)
{
  return value->space.kind == EQK_SPACE_EDGES ? self->order[row] : row;
}

static bool
put_inputs (Layer *self)
{
  const cJSON *inputs = ref_get (self->c, self->entry, "inputs");
  EqkDiag      diag = EQK_DIAG_INIT;
  bool         good = eqk_run_set_nodes (self->run, self->counts, self->n_samples, &diag) == EQK_OK &&
                      eqk_run_set_edges (self->run, self->src, self->dst, (size_t) self->n_edges, self->order, &diag) == EQK_OK;

  if (!ref_check (self->c, good, "%s", diag.what))
    return false;
  for (int k = 0; k < cJSON_GetArraySize (inputs); k++)
    {
      const int       v = eqk_program_feed (self->program, k == 0 ? "x" : "second");
      const EqkValue *value = v < 0 ? NULL : eqk_program_value (self->program, v);
      double         *numbers;
      size_t          n;

      if (!ref_check (self->c, value != NULL, "no input %d", k))
        return false;
      n = eqk_run_rows (self->run, v) * (size_t) value->width;
      numbers = ref_numbers (self->c, "input", data_of (self->c, "input", ref_at (self->c, inputs, k), n), n);
      for (size_t row = 0; numbers != NULL && row < eqk_run_rows (self->run, v); row++)
        memcpy ((double *) eqk_run_feed (self->run, v) + row * (size_t) value->width, numbers + row_of (self, value, row) * (size_t) value->width, (size_t) value->width * sizeof *numbers);
      free (numbers);
      if (numbers == NULL)
        return false;
    }
  return true;
}

static void
compare_input_grads (Layer *self)
{
  const cJSON *grads = ref_get (self->c, self->entry, "grad_inputs");

  ref_length (self->c, "grad_inputs", grads, cJSON_GetArraySize (ref_get (self->c, self->entry, "inputs")));
  for (int k = 0; k < cJSON_GetArraySize (grads); k++)
    {
      const int       v = eqk_program_feed (self->program, k == 0 ? "x" : "second");
      const EqkValue *value = eqk_program_value (self->program, v);
      const size_t    rows = eqk_run_rows (self->run, v), width = (size_t) value->width;
      const double   *found = eqk_run_grad (self->run, v);
      double         *sorted = malloc ((rows * width + 1) * sizeof *sorted);

      for (size_t row = 0; sorted != NULL && found != NULL && row < rows; row++)
        memcpy (sorted + row_of (self, value, row) * width, found + row * width, width * sizeof *sorted);
      if (ref_check (self->c, sorted != NULL && found != NULL, "no gradient of input %d", k))
        ref_near_all (self->c, "grad_inputs", data_of (self->c, "grad_inputs", ref_at (self->c, grads, k), rows * width), sorted, rows * width, TOLERANCE);
      free (sorted);
    }
}

static void
compare_weight_grads (Layer *self)
{
  const cJSON  *grads = ref_get (self->c, self->entry, "grad_params"), *params = ref_get (self->c, self->entry, "params"), *item;
  const double *all = eqk_run_weight_grads (self->run);

  ref_check (self->c, cJSON_GetArraySize (grads) == cJSON_GetArraySize (params), "grad_params: %d entries for %d weights", cJSON_GetArraySize (grads), cJSON_GetArraySize (params));
  cJSON_ArrayForEach (item, grads)
    {
      double *sum = NULL;
      int     n = 0;

      for (int i = 0; name_at (self, i) != NULL; i++)
        if (strcmp (name_at (self, i)->theirs, item->string) == 0)
          {
            const EqkValue *weight = find_weight (self, name_at (self, i)->ours);

            n = weight->width;
            sum = sum == NULL ? calloc ((size_t) n + 1, sizeof *sum) : sum;
            for (int k = 0; sum != NULL && k < n; k++)
              sum[k] += name_at (self, i)->sign * all[weight->offset + (size_t) k];
          }
      if (ref_check (self->c, sum != NULL, "no gradient of “%s”", item->string))
        ref_near_all (self->c, item->string, data_of (self->c, item->string, item, (size_t) n), sum, (size_t) n, TOLERANCE);
      free (sum);
    }
}

static void
compare (Layer *self)
{
  const int    out = eqk_program_output (self->program, 0)->value;
  const size_t n = eqk_run_rows (self->run, out) * (size_t) eqk_program_value (self->program, out)->width;
  double      *seed;

  if (!ref_check (self->c, eqk_run_forward (self->run, EQK_PASS_TRAIN, NULL) == EQK_OK, "forward"))
    return;
  ref_near_all (self->c, "y", data_of (self->c, "y", ref_get (self->c, self->entry, "y"), n), eqk_run_value (self->run, out), n, TOLERANCE);
  seed = ref_numbers (self->c, "grad_y", data_of (self->c, "grad_y", ref_get (self->c, self->entry, "grad_y"), n), n);
  if (seed == NULL)
    return;
  memcpy (eqk_run_seed (self->run, 0), seed, n * sizeof *seed);
  free (seed);
  if (!ref_check (self->c, eqk_run_backward (self->run, NULL) == EQK_OK, "reverse"))
    return;
  compare_input_grads (self);
  compare_weight_grads (self);
}

/* Heads and learned elements are in the settings of the rule; the file has to say the same. */
static void
check_numbers (Layer *self)
{
  const cJSON *heads = cJSON_GetObjectItemCaseSensitive (self->entry, "heads"), *points = cJSON_GetObjectItemCaseSensitive (self->entry, "num_inds");

  if (heads != NULL)
    ref_equal (self->c, "heads", heads, 2);
  if (points != NULL)
    ref_equal (self->c, "num_inds", points, 3);
}

static void
run_entry (RefFile *file, const cJSON *entry, const Rule *rules, int n_rules)
{
  const cJSON *name = cJSON_GetObjectItemCaseSensitive (entry, "layer");
  RefCase      c = ref_case_open (file, "%.100s", cJSON_IsString (name) ? name->valuestring : "?");
  Layer        layer = { .c = &c, .entry = entry };

  for (int i = 0; cJSON_IsString (name) && layer.rule == NULL && i < n_rules; i++)
    if (strncmp (rules[i].layer, name->valuestring, strlen (rules[i].layer)) == 0)
      layer.rule = &rules[i];
  if (ref_check (&c, layer.rule != NULL, "no such layer is known") && read_nodes (&layer) && read_edges (&layer) && read_second (&layer) && layer_make (&layer))
    {
      check_numbers (&layer);
      if (put_weights (&layer) && put_inputs (&layer))
        compare (&layer);
    }
  layer_clear (&layer);
  ref_case_close (&c);
}

static void
run_all (RefFile *file, const Rule *rules, int n_rules)
{
  const cJSON *entry;

  cJSON_ArrayForEach (entry, file->root)
    run_entry (file, entry, rules, n_rules);
}

void
ref_run_sets (RefFile *file)
{
  run_all (file, set_rules, sizeof set_rules / sizeof set_rules[0]);
}

void
ref_run_graphs (RefFile *file)
{
  run_all (file, graph_rules, sizeof graph_rules / sizeof graph_rules[0]);
}
