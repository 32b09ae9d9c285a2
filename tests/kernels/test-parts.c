/*
 * Smaller graphs: what a layer gives behind a pool that keeps nodes must be, number for number, what it gives on that smaller graph alone. Every layer of the
 * registry that reads nodes, with every specimen, in use and in training; and what is refused.
 */

#include "check/specimen.h"
#include "eqk/op.h"
#include "eqk/random.h"
#include "graph/graph-private.h"

#include "build-graph.h"

#include <glib.h>
#include <math.h>
#include <string.h>

enum { N_SAMPLES = 4, N_NODES = 21 };
static const int32_t sizes[N_SAMPLES] = { 6, 1, 9, 5 };
static const EqkSymmetry *symmetry;

typedef struct
{
  EqkGraph   *graph;
  EqkTyped   *typed;
  EqkProgram *program;
  EqkStore   *store;
  EqkRun     *run;
} Net;

static void
add_probe (Net *net, const char *id, const char *text)
{
  EqkPortType type;

  g_assert_cmpint (eqk_specimen_parse (text, symmetry, &type, NULL), ==, EQK_OK);
  g_assert_cmpint (eqk_graph_add_probe (net->graph, id, &type, NULL, NULL), ==, EQK_OK);
}

static void
begin (Net *net)
{
  memset (net, 0, sizeof *net);
  net->graph = eqk_graph_new (symmetry);
  net->graph->bare = true;
}

static void
finish (Net *net)
{
  const EqkCompileOptions compile = { .keep_all = true };
  const EqkRunOptions     options = { .precision = EQK_F64, .train = true, .capacity = { .batch = N_SAMPLES, .nodes = N_NODES, .edges = 90, .pairs = 150 } };
  EqkDiag                 diag = EQK_DIAG_INIT;

  g_assert_cmpint (eqk_graph_infer (net->graph, &net->typed, NULL), ==, EQK_OK);
  for (int i = 0; i < eqk_typed_n_problems (net->typed); i++)
    if (eqk_typed_problem (net->typed, i)->rule->blocks == EQK_BLOCKS_RUN)
      g_test_message ("%s: %s", eqk_typed_problem (net->typed, i)->rule->code, eqk_typed_problem (net->typed, i)->args);
  if (eqk_compile (net->typed, &compile, &net->program, &diag) != EQK_OK)
    g_error ("%s: %s", diag.node, diag.what);
  net->store = eqk_store_new (net->program, EQK_F64, 1);
  eqk_store_randomise (net->store, net->program, 5);
  if (eqk_run_new (net->program, net->store, &options, &net->run, &diag) != EQK_OK)
    g_error ("%s", diag.what);
}

static void
end (Net *net)
{
  eqk_run_free (net->run);
  eqk_store_unref (net->store);
  eqk_program_free (net->program);
  eqk_typed_unref (net->typed);
  eqk_graph_free (net->graph);
}

static int
node_named (const Net *net, const char *id)
{
  for (int i = 0; i < eqk_graph_n_nodes (net->graph); i++)
    if (g_str_equal (eqk_graph_node_id (net->graph, i), id))
      return i;
  g_error ("no node “%s”", id);
}

static int
value_of (const Net *net, const char *id, const char *port)
{
  const int value = eqk_program_port_value (net->program, node_named (net, id), port);

  g_assert_cmpint (value, >=, 0);
  return value;
}

static gsize
count_of (const Net *net, int value)
{
  return eqk_run_rows (net->run, value) * (gsize) eqk_program_value (net->program, value)->width;
}

/* Random edges with loops, doubles and nodes without any. */
static void
draw (Net *net)
{
  EqkRandom random = eqk_random (3, EQK_RANDOM_TEST, 0, 0, 0);
  int32_t   src[3 * N_NODES], dst[3 * N_NODES], first = 0;
  gsize     n = 0;

  g_assert_cmpint (eqk_run_set_nodes (net->run, sizes, N_SAMPLES, NULL), ==, EQK_OK);
  for (int s = 0; s < N_SAMPLES; first += sizes[s++])
    for (int32_t e = 0; e < 3 * sizes[s]; e++, n++)
      {
        src[n] = first + (int32_t) eqk_random_below (&random, (uint32_t) sizes[s]);
        dst[n] = first + (int32_t) eqk_random_below (&random, (uint32_t) sizes[s]);
      }
  g_assert_cmpint (eqk_run_set_edges (net->run, src, dst, n, NULL, NULL), ==, EQK_OK);
  for (int v = 0; v < eqk_program_n_values (net->program); v++)
    if (eqk_program_value (net->program, v)->kind == EQK_VALUE_FEED)
      for (gsize i = 0; i < count_of (net, v); i++)
        ((double *) eqk_run_feed (net->run, v))[i] = g_str_equal (eqk_program_value (net->program, v)->name, "edges") ? 0.2 + eqk_random_uniform (&random) : eqk_random_normal (&random);
}

/* The pooled graph as the whole of another run. */
static void
copy_part (Net *small, const Net *pooled)
{
  const EqkStructure *part = &pooled->run->structures[1];
  int32_t             counts[N_SAMPLES];

  for (int s = 0; s < N_SAMPLES; s++)
    counts[s] = part->node_offset[s + 1] - part->node_offset[s];
  g_assert_cmpint (eqk_run_set_nodes (small->run, counts, N_SAMPLES, NULL), ==, EQK_OK);
  g_assert_cmpint (eqk_run_set_edges (small->run, part->src, part->dst, part->n_edges, NULL, NULL), ==, EQK_OK);
  for (int v = 0; v < eqk_program_n_values (small->program); v++)
    if (eqk_program_value (small->program, v)->kind == EQK_VALUE_FEED && !g_str_equal (eqk_program_value (small->program, v)->name, "pool"))
      {
        const int from = value_of (pooled, "pool", eqk_program_value (small->program, v)->name);

        g_assert_cmpuint (count_of (small, v), ==, count_of (pooled, from));
        memcpy (eqk_run_feed (small->run, v), eqk_run_value (pooled->run, from), count_of (small, v) * sizeof (double));
      }
}

static int
weight_named (const Net *net, const char *name, EqkValueKind kind)
{
  for (int v = 0; v < eqk_program_n_values (net->program); v++)
    if (eqk_program_value (net->program, v)->kind == kind && g_str_equal (eqk_program_value (net->program, v)->name, name))
      return v;
  g_error ("no weight “%s”", name);
}

static void
copy_weights (Net *small, const Net *pooled)
{
  for (int v = 0; v < eqk_program_n_values (small->program); v++)
    {
      const EqkValue *to = eqk_program_value (small->program, v), *from;
      gsize           n = 1;

      if (to->kind != EQK_VALUE_WEIGHT && to->kind != EQK_VALUE_STATE)
        continue;
      from = eqk_program_value (pooled->program, weight_named (pooled, to->name, to->kind));
      for (int k = 0; k < to->n_dims; k++)
        n *= (gsize) to->shape[k];
      if (to->kind == EQK_VALUE_WEIGHT)
        memcpy ((double *) eqk_store_weights (small->store) + to->offset, (double *) eqk_store_weights (pooled->store) + from->offset, n * sizeof (double));
      else
        memcpy ((double *) eqk_store_state (small->store) + to->offset, (double *) eqk_store_state (pooled->store) + from->offset, n * sizeof (double));
    }
  eqk_store_touch (small->store);
}

static void
same (const double *a, const double *b, gsize n, const char *what)
{
  for (gsize i = 0; i < n; i++)
    if (!(ABS (a[i] - b[i]) <= 1e-11 * MAX (1, ABS (b[i]))))
      {
        g_test_message ("%s: number %zu is %g behind the pool and %g on the smaller graph", what, i, a[i], b[i]);
        g_test_fail ();
        return;
      }
}

static void
seed_output (Net *net, int value)
{
  for (int o = 0; o < eqk_program_n_outputs (net->program); o++)
    {
      double *seed = eqk_run_seed (net->run, o);

      for (gsize i = 0; i < count_of (net, eqk_program_output (net->program, o)->value); i++)
        seed[i] = eqk_program_output (net->program, o)->value == value ? sin (1 + (double) i) : 0;
    }
  g_assert_cmpint (eqk_run_backward (net->run, NULL), ==, EQK_OK);
}

static void
compare (Net *pooled, Net *small, const EqkLayerType *layer, EqkPassMode mode)
{
  g_assert_cmpint (eqk_run_forward (pooled->run, mode, NULL), ==, EQK_OK);
  copy_part (small, pooled);
  g_assert_cmpint (eqk_run_forward (small->run, mode, NULL), ==, EQK_OK);
  for (const EqkPort *port = layer->outputs; port->name != NULL; port++)
    {
      const int a = eqk_program_port_value (pooled->program, node_named (pooled, "layer"), port->name);
      const int b = eqk_program_port_value (small->program, node_named (small, "layer"), port->name);

      if (a < 0 && b < 0)      /* of an input that is open */
        continue;
      g_assert_cmpuint (count_of (pooled, a), ==, count_of (small, b));
      same (eqk_run_value (pooled->run, a), eqk_run_value (small->run, b), count_of (small, b), layer->id);
    }
  seed_output (pooled, value_of (pooled, "layer", layer->outputs[0].name));
  seed_output (small, value_of (small, "layer", layer->outputs[0].name));
  for (int v = 0; v < eqk_program_n_values (small->program); v++)
    {
      const EqkValue *to = eqk_program_value (small->program, v);
      gsize           n = 1;

      for (int k = 0; k < to->n_dims; k++)
        n *= (gsize) to->shape[k];
      if (to->kind == EQK_VALUE_WEIGHT)
        same ((double *) eqk_run_weight_grads (pooled->run) + eqk_program_value (pooled->program, weight_named (pooled, to->name, to->kind))->offset,
              (double *) eqk_run_weight_grads (small->run) + to->offset, n, to->name);
    }
}

/* "nodes 3x triv" and "edges 2x triv", "edges 1x triv as edges" or "length"; nothing else. */
static gboolean
reads_graph (const EqkSpecimen *specimen, const EqkLayerType *layer)
{
  const char *nodes = NULL;
  gboolean    any = FALSE;

  if (!g_str_equal (specimen->group, "triv") || layer->outputs[0].name == NULL || (layer->flags & EQK_LAYER_JOINS_PARTS) != 0)
    return FALSE;
  for (int i = 0; i < 4 && specimen->inputs[i] != NULL; i++)
    {
      const char *text = specimen->inputs[i];

      if (strpbrk (text, "(&") != NULL || (!g_str_has_prefix (text, "nodes ") && !g_str_has_prefix (text, "edges ") && !g_str_equal (text, "length")))
        return FALSE;
      if (g_str_has_prefix (text, "nodes ") && nodes != NULL && !g_str_equal (nodes, text))
        return FALSE;      /* of two widths: one pool has one */
      nodes = g_str_has_prefix (text, "nodes ") ? text : nodes;
      any = TRUE;
    }
  return any;
}

static void
check_specimen (const EqkLayerType *layer, const EqkSpecimen *specimen)
{
  Net         pooled, small;
  const char *nodes = "nodes 3x triv", *edges = "edges 1x triv as edges";

  for (int i = 0; i < 4 && specimen->inputs[i] != NULL; i++)
    *(g_str_has_prefix (specimen->inputs[i], "nodes ") ? &nodes : &edges) = specimen->inputs[i];
  begin (&pooled);
  begin (&small);
  add_probe (&pooled, "x", nodes);
  add_probe (&pooled, "edges", edges);
  add_layer (pooled.graph, "pool", "topk_pool", "ratio=0.6");
  link_layers (pooled.graph, "x", "y", "pool", "x");
  link_layers (pooled.graph, "edges", "y", "pool", "edges");
  add_probe (&small, "pool", "sample 1x triv");      /* so that the layer has the number that it has behind a pool: dropout is keyed by it */
  add_probe (&small, "nodes", nodes);
  add_probe (&small, "edges", edges);
  add_layer (pooled.graph, "layer", layer->id, specimen->settings);
  add_layer (small.graph, "layer", layer->id, specimen->settings);
  for (int i = 0, port = 0; i < 4 && specimen->inputs[i] != NULL; i++)
    {
      const char *from = g_str_has_prefix (specimen->inputs[i], "nodes ") ? "nodes" : "edges";

      link_layers (pooled.graph, "pool", from, "layer", layer->inputs[port].name);
      link_layers (small.graph, from, "y", "layer", layer->inputs[port].name);
      port += layer->inputs[port + 1].name != NULL;
    }
  finish (&pooled);
  finish (&small);
  copy_weights (&small, &pooled);
  draw (&pooled);
  compare (&pooled, &small, layer, EQK_PASS_INFER);
  compare (&pooled, &small, layer, EQK_PASS_TRAIN);
  end (&pooled);
  end (&small);
}

static void
test_layers (void)
{
  static const char *const must[] = { "gcn", "gin", "gat", "mpnn", "nnconv", "graph_norm", "batchnorm_plain", "global_pool", "set2set", "sab", "attention_pool", "graph_pairs",
                                      "ign_1to2", "random_walk_pe", "topk_pool", "pairwise_set" };
  static const char *const anywhere[] = { "batchnorm_plain", "layer_norm", "relu_pw", "dropout_plain", "add", "concat", "scale_const" };
  g_autoptr (GHashTable) done = g_hash_table_new (g_str_hash, g_str_equal);
  int                    n;
  const EqkLayerType *const *layers = eqk_layers (&n);

  for (int i = 0; i < n; i++)
    for (const EqkSpecimen *s = layers[i]->specimens; s != NULL && s->group != NULL; s++)
      if (reads_graph (s, layers[i]))
        {
          check_specimen (layers[i], s);
          g_hash_table_add (done, (gpointer) layers[i]->id);
        }
  for (gsize i = 0; i < G_N_ELEMENTS (anywhere); i++)      /* their specimens are pictures */
    {
      const EqkSpecimen nodes = { .group = "triv", .inputs = { "nodes 4x triv" }, .settings = "" };

      check_specimen (eqk_layer_find (anywhere[i]), &nodes);
      g_hash_table_add (done, (gpointer) anywhere[i]);
    }
  g_test_message ("%u layers", g_hash_table_size (done));
  for (gsize i = 0; i < G_N_ELEMENTS (must); i++)
    if (!g_hash_table_contains (done, must[i]))
      g_error ("“%s” was not tried", must[i]);
}

/* Edges of the part lead between kept nodes and carry what they carried; nodes are the highest. */
static void
test_induced (void)
{
  Net                 net;
  const EqkStructure *all, *part;
  const double       *whole, *kept;

  begin (&net);
  add_probe (&net, "x", "nodes 3x triv");
  add_probe (&net, "edges", "edges 2x triv");
  add_layer (net.graph, "pool", "topk_pool", "ratio=0.4");
  link_layers (net.graph, "x", "y", "pool", "x");
  link_layers (net.graph, "edges", "y", "pool", "edges");
  finish (&net);
  draw (&net);
  g_assert_cmpint (eqk_run_forward (net.run, EQK_PASS_INFER, NULL), ==, EQK_OK);
  all = &net.run->structures[0];
  part = &net.run->structures[1];
  whole = eqk_run_value (net.run, value_of (&net, "edges", "y"));
  kept = eqk_run_value (net.run, value_of (&net, "pool", "edges"));
  for (int s = 0; s < N_SAMPLES; s++)
    g_assert_cmpint (part->node_offset[s + 1] - part->node_offset[s], ==, (int) ceil (0.4 * sizes[s]));
  g_assert_cmpuint (part->n_edges, >, 0);
  for (gsize e = 0, found = 0; e < all->n_edges; e++)
    {
      const int32_t src = part->place[all->src[e]], dst = part->place[all->dst[e]];

      if (src < 0 || dst < 0)
        continue;
      g_assert_cmpuint (found, <, part->n_edges);
      g_assert_cmpint (part->src[found], ==, src);
      g_assert_cmpint (part->dst[found], ==, dst);
      same (kept + 2 * found, whole + 2 * e, 2, "edges");
      found++;
      g_assert_cmpint (found <= part->n_edges, ==, TRUE);
      if (e + 1 == all->n_edges)
        g_assert_cmpuint (found, ==, part->n_edges);
    }
  end (&net);
}

static void
expect (Net *net, const char *code, const char *words)
{
  gboolean found = FALSE;

  g_assert_cmpint (eqk_graph_infer (net->graph, &net->typed, NULL), ==, EQK_OK);
  for (int i = 0; i < eqk_typed_n_problems (net->typed); i++)
    {
      const EqkProblem *p = eqk_typed_problem (net->typed, i);

      found |= g_str_equal (p->rule->code, code) && p->args != NULL && strstr (p->args, words) != NULL;
    }
  if (!found)
    g_error ("%s with “%s” was not raised", code, words);
  eqk_typed_unref (net->typed);
  eqk_graph_free (net->graph);
}

static void
begin_pool (Net *net, gboolean edges)
{
  begin (net);
  add_probe (net, "x", "nodes 3x triv");
  add_probe (net, "edges", "edges 1x triv as edges");
  add_layer (net->graph, "pool", "topk_pool", "");
  link_layers (net->graph, "x", "y", "pool", "x");
  if (edges)
    link_layers (net->graph, "edges", "y", "pool", "edges");
  add_layer (net->graph, "g", "gin", "widths=[4]");
}

static void
test_refused (void)
{
  Net net;

  begin_pool (&net, TRUE);              /* kept nodes with the edges of all */
  link_layers (net.graph, "pool", "nodes", "g", "x");
  link_layers (net.graph, "edges", "y", "g", "edges");
  expect (&net, "E-TYPE-MISMATCH", "one per kept node (part 1)");
  begin_pool (&net, TRUE);              /* and the other way round */
  link_layers (net.graph, "x", "y", "g", "x");
  link_layers (net.graph, "pool", "edges", "g", "edges");
  expect (&net, "E-TYPE-MISMATCH", "one per kept edge (part 1)");
  begin_pool (&net, FALSE);             /* edges that nobody gave */
  link_layers (net.graph, "pool", "nodes", "g", "x");
  link_layers (net.graph, "pool", "edges", "g", "edges");
  expect (&net, "E-UNCONNECTED", "node='pool'");
  begin_pool (&net, TRUE);              /* a row for each node is not what unpooling takes */
  add_layer (net.graph, "u", "unpool", "");
  link_layers (net.graph, "x", "y", "u", "x");
  link_layers (net.graph, "x", "y", "u", "like");
  expect (&net, "E-TYPE-MISMATCH", "kept nodes");
  begin_pool (&net, TRUE);
  for (int i = 0; i < 3; i++)
    {
      g_autofree char *id = g_strdup_printf ("p%d", i), *before = i == 0 ? g_strdup ("pool") : g_strdup_printf ("p%d", i - 1);

      add_layer (net.graph, id, "topk_pool", "");
      link_layers (net.graph, before, "nodes", id, "x");
    }
  expect (&net, "E-TYPE-MISMATCH", "three pools");
}

int
main (int argc, char **argv)
{
  const EqkSymmetry graphs = { eqk_group_get ("triv"), false, EQK_PERMUTE_GRAPH };

  symmetry = &graphs;
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/parts/layers", test_layers);
  g_test_add_func ("/parts/induced", test_induced);
  g_test_add_func ("/parts/refused", test_refused);
  return g_test_run ();
}
