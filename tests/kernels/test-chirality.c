/*
 * What mirror images are to networks of SO(3) and of O(3), by their types and by their numbers: tensor-field networks with drawn weights on a chiral piece of
 * four cubes, its mirror image, both turned, and a piece that is its own mirror image. Invariants of O(3) cannot tell the two apart, those of SO(3) can;
 * a pseudoscalar changes its sign, is zero where a shape is its own mirror image, and comes with the third step: two products make an axial arrow, three a volume.
 */

#include "eqk/graph.h"
#include "eqk/op.h"
#include "eqk/random.h"
#include "eqk/run.h"
#include "eqk/space.h"
#include "eqk/train.h"

#include "build-graph.h"

#include <glib.h>
#include <math.h>
#include <string.h>

enum { PIECE, MIRRORED, TURNED, MIRRORED_TURNED, SQUARE, SHAPES, NODES = 4 };

typedef struct
{
  EqkTyped   *typed;
  EqkProgram *program;
  EqkStore   *store;
  EqkRun     *run;
} Net;

/* `steps` convolutions with gates, and an answer that is linear in their features. */
static EqkGraph *
make_graph (const char *group, const char *hidden, int steps, const char *answer)
{
  const EqkSymmetry symmetry = { eqk_group_get (group), true, EQK_PERMUTE_SET };
  EqkGraph         *graph = eqk_graph_new (&symmetry);
  g_autofree char  *conv = g_strdup_printf ("out=%s hidden=[8] neighbours=2", hidden), *head = g_strdup_printf ("out=%s of=mean", answer);
  g_autofree char  *from = g_strdup ("ones");

  add_layer (graph, "in", "input_points", "species=1");
  add_layer (graph, "ones", "species_embed", "species=1 one_hot=on");
  add_layer (graph, "near", "radius_graph", "cutoff=1.5");
  add_layer (graph, "sh", "sph_harm", "degree=2");
  add_layer (graph, "radial", "radial_basis", "cutoff=1.5 n=8");
  link_layers (graph, "in", "species", "ones", "species");
  link_layers (graph, "in", "positions", "near", "positions");
  link_layers (graph, "near", "vector", "sh", "vector");
  link_layers (graph, "near", "length", "radial", "length");
  for (int k = 1; k <= steps; k++)
    {
      g_autofree char *id = g_strdup_printf ("conv%d", k), *gate = g_strdup_printf ("gate%d", k);

      add_layer (graph, id, "tfn_conv", conv);
      add_layer (graph, gate, "gate", "gates=silu odd=tanh normalise=on");
      link_layers (graph, from, "y", id, "x");
      link_layers (graph, "sh", "y", id, "harmonics");
      link_layers (graph, "radial", "y", id, "radial");
      link_layers (graph, id, "y", gate, "x");
      g_free (from);
      from = g_strdup (gate);
    }
  add_layer (graph, "answer", "direct_vector_head", head);
  link_layers (graph, from, "y", "answer", "x");
  return graph;
}

/* The pieces, two of them turned by a drawn rotation. */
static void
put_shapes (double *x)
{
  static const double shapes[3][NODES][3] = { { { 0, 0, 0 }, { 0, 0, 1 }, { 1, 0, 0 }, { 1, 1, 0 } }, { { 0, 0, 0 }, { 0, 0, 1 }, { 1, 0, 0 }, { 1, -1, 0 } },
                                              { { 0, 0, 0 }, { 1, 0, 0 }, { 0, 1, 0 }, { 1, 1, 0 } } };
  static const int    of[SHAPES] = { 0, 1, 0, 1, 2 };
  EqkRandom           random = eqk_random (3, EQK_RANDOM_TEST, 1, 0, 0);
  double              q[4], r[9];

  for (int i = 0; i < 4; i++)
    q[i] = eqk_random_normal (&random);
  eqk_rotation_from_quaternion (q, r);
  for (int s = 0; s < SHAPES; s++)
    for (int n = 0; n < NODES; n++)
      for (int i = 0; i < 3; i++)
        {
          const double *p = shapes[of[s]][n];

          x[(s * NODES + n) * 3 + i] = s == TURNED || s == MIRRORED_TURNED ? r[3 * i] * p[0] + r[3 * i + 1] * p[1] + r[3 * i + 2] * p[2] : p[i];
        }
}

static void
net_open (Net *net, EqkGraph *graph)
{
  const EqkRunOptions options = { .precision = EQK_F64, .capacity = { SHAPES, SHAPES * NODES, 100, 0 } };
  const int32_t       counts[SHAPES] = { NODES, NODES, NODES, NODES, NODES };
  EqkDiag             diag = EQK_DIAG_INIT;

  g_assert_cmpint (eqk_graph_infer (graph, &net->typed, &diag), ==, EQK_OK);
  eqk_graph_free (graph);
  if (eqk_compile (net->typed, NULL, &net->program, &diag) != EQK_OK)
    g_error ("%s: %s", diag.node, diag.what);
  net->store = eqk_store_new (net->program, EQK_F64, 7);
  g_assert_cmpint (eqk_run_new (net->program, net->store, &options, &net->run, NULL), ==, EQK_OK);
  put_shapes (eqk_run_feed (net->run, eqk_program_feed (net->program, "positions")));
  memset (eqk_run_feed (net->run, eqk_program_feed (net->program, "species")), 0, SHAPES * NODES * sizeof (int32_t));
  g_assert_cmpint (eqk_run_set_nodes (net->run, counts, SHAPES, NULL), ==, EQK_OK);
  g_assert_cmpint (eqk_run_build_structures (net->run, NULL), ==, EQK_OK);
  g_assert_cmpint (eqk_run_forward (net->run, EQK_PASS_INFER, NULL), ==, EQK_OK);
}

static void
net_close (Net *net)
{
  eqk_run_free (net->run);
  eqk_store_unref (net->store);
  eqk_program_free (net->program);
  eqk_typed_unref (net->typed);
}

static const double *
answer_of (const Net *net, int shape, int width)
{
  return (const double *) eqk_run_value (net->run, eqk_program_output (net->program, 0)->value) + shape * width;
}

/* Largest difference of two answers, in units of the first one's length. */
static double
apart (const Net *net, int a, int b, int width)
{
  const double *x = answer_of (net, a, width), *y = answer_of (net, b, width);
  double        length = 0, most = 0;

  for (int i = 0; i < width; i++)
    {
      length += x[i] * x[i];
      most = fmax (most, fabs (x[i] - y[i]));
    }
  g_assert_cmpfloat (length, >, 1e-8);
  return most / sqrt (length);
}

static void
test_invariants (void)
{
  Net with, without;

  net_open (&with, make_graph ("O3", "8x0e + 8x0o + 4x1o + 4x1e + 2x2e", 3, "3x0e"));
  net_open (&without, make_graph ("SO3", "8x0 + 4x1 + 2x2", 3, "3x0"));
  g_test_message ("mirror image: O(3) %.1e, SO(3) %.1e; turned: %.1e, %.1e", apart (&with, PIECE, MIRRORED, 3), apart (&without, PIECE, MIRRORED, 3), apart (&with, PIECE, TURNED, 3), apart (&without, PIECE, TURNED, 3));
  g_assert_cmpfloat (apart (&with, PIECE, MIRRORED, 3), <, 1e-12);
  g_assert_cmpfloat (apart (&with, PIECE, MIRRORED_TURNED, 3), <, 1e-12);
  g_assert_cmpfloat (apart (&with, PIECE, SQUARE, 3), >, 1e-3);           /* it is not blind altogether */
  g_assert_cmpfloat (apart (&without, PIECE, MIRRORED, 3), >, 1e-3);
  g_assert_cmpfloat (apart (&without, PIECE, TURNED, 3), <, 1e-12);
  g_assert_cmpfloat (apart (&without, MIRRORED, MIRRORED_TURNED, 3), <, 1e-12);
  net_close (&with);
  net_close (&without);
}

static void
test_pseudoscalar (void)
{
  Net    net;
  double s;

  net_open (&net, make_graph ("O3", "8x0e + 8x0o + 4x1o + 4x1e + 2x2e", 3, "1x0o"));
  s = answer_of (&net, PIECE, 1)[0];
  g_test_message ("piece %.3e, mirror image %.3e, square %.1e", s, answer_of (&net, MIRRORED, 1)[0], answer_of (&net, SQUARE, 1)[0]);
  g_assert_cmpfloat (fabs (s), >, 1e-4);
  g_assert_cmpfloat (fabs (answer_of (&net, MIRRORED, 1)[0] + s), <, 1e-12);
  g_assert_cmpfloat (fabs (answer_of (&net, TURNED, 1)[0] - s), <, 1e-12);
  g_assert_cmpfloat (fabs (answer_of (&net, MIRRORED_TURNED, 1)[0] + s), <, 1e-12);
  g_assert_cmpfloat (fabs (answer_of (&net, SQUARE, 1)[0]), <, 1e-12);
  net_close (&net);
}

/* Copies of an irrep in the features behind a step. */
static int
copies (const EqkTyped *typed, const char *id, const char *irrep)
{
  const EqkPortType *type = eqk_typed_output (typed, eqk_graph_find (eqk_typed_graph (typed), id), "y");
  int                n = 0;

  g_assert_nonnull (type);
  for (int r = 0; r < eqk_rep_n_runs (type->rep); r++)
    if (strcmp (eqk_field_get_name (eqk_rep_run (type->rep, r).field), irrep) == 0)
      n += eqk_rep_run (type->rep, r).mul;
  return n;
}

static void
test_third_step (void)
{
  EqkGraph *graph = make_graph ("O3", "8x0e + 8x0o + 4x1o + 4x1e + 2x2e", 3, "1x0o");
  EqkTyped *typed = NULL;

  g_assert_cmpint (eqk_graph_infer (graph, &typed, NULL), ==, EQK_OK);
  g_assert_cmpint (copies (typed, "gate1", "1o"), ==, 4);
  g_assert_cmpint (copies (typed, "gate1", "1e"), ==, 0);
  g_assert_cmpint (copies (typed, "gate2", "1e"), ==, 4);
  g_assert_cmpint (copies (typed, "gate2", "0o"), ==, 0);
  g_assert_cmpint (copies (typed, "gate3", "0o"), ==, 8);
  eqk_typed_unref (typed);
  eqk_graph_free (graph);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/chirality/invariants", test_invariants);
  g_test_add_func ("/chirality/pseudoscalar", test_pseudoscalar);
  g_test_add_func ("/chirality/third-step", test_third_step);
  return g_test_run ();
}
