/* Filters of a design: as many as the layer has weights for, and each is itself again when it is turned and its fields are moved along. */

#include "studio/editing.h"
#include "studio/kernel-look.h"

#include <math.h>

static void
test_counts (void)
{
  g_autoptr (EqsDocument) document = eqs_document_new_from_template ("T01", NULL, NULL);
  g_autoptr (EqsSession)  session = eqs_session_new (document, NULL);
  static const char *const layers[] = { "conv1", "conv2", "conv3" };

  eqs_session_settle (session);
  g_assert_null (eqs_kernel_look_new (session, "act1"));
  for (guint i = 0; i < G_N_ELEMENTS (layers); i++)
    {
      g_autoptr (EqsKernelLook) look = eqs_kernel_look_new (session, layers[i]);
      const EqkKernelBasis     *basis = eqs_kernel_look_basis (look, 0);
      const gint64              biases = look->pairs[0].n_out;      /* one for each regular field; none before a norm */
      const gint64              all = eqs_session_get_cost (session, layers[i])->parameters;

      g_assert_cmpuint (look->n_pairs, ==, 1);
      g_assert_cmpint (look->weights, ==, (gint64) basis->n * look->pairs[0].n_in * look->pairs[0].n_out);
      g_assert_true (all == look->weights || all == look->weights + biases);
      eqk_kernel_basis_unref (basis);
    }
}

/* In a block in a block a convolution has the filters that it has outside. */
static void
test_in_blocks (void)
{
  g_autoptr (EqsDocument) document = eqs_document_new_from_template ("T01", NULL, NULL);
  g_autoptr (EqsSession)  session = eqs_session_new (document, NULL);
  g_autoptr (EqsKernelLook) outside = NULL, inside = NULL;

  eqs_session_settle (session);
  outside = eqs_kernel_look_new (session, "conv2");
  eqs_session_select_one (session, "conv2");
  g_assert_true (eqs_session_group (session));
  g_assert_true (eqs_session_group (session));
  eqs_session_settle (session);
  g_assert_cmpstr (eqs_session_get_selection (session)[0], ==, "block2");
  inside = eqs_kernel_look_new (session, "block2/block/conv2");
  g_assert_nonnull (inside);
  g_assert_cmpint (inside->weights, ==, outside->weights);
}

static void
test_turn (void)
{
  g_autoptr (EqsDocument) document = eqs_document_new_from_template ("T01", NULL, NULL);
  g_autoptr (EqsSession)  session = eqs_session_new (document, NULL);
  EqsGraph *graph = eqs_document_get_graph (document, NULL);
  guint     seen = 0;

  g_assert_true (eqs_session_do (session, eqs_command_new_set_symmetry ("D4", -1, NULL)));
  eqs_session_settle (session);
  for (guint i = 0; i < eqs_graph_get_n_nodes (graph); i++)
    {
      g_autoptr (EqsKernelLook) look = eqs_kernel_look_new (session, eqs_node_get_id (eqs_graph_get_node (graph, i)));
      const EqkKernelBasis     *basis = look == NULL ? NULL : eqs_kernel_look_basis (look, 0);
      gsize                     n = basis == NULL ? 0 : (gsize) (basis->d_out * basis->d_in * basis->size * basis->size);
      g_autofree double        *turned = g_new (double, n + 1), *back = g_new (double, n + 1);

      for (int e = 0; basis != NULL && e < MIN (basis->n, 12); e++)
        for (int g = 0; g < eqk_group_get_order (look->group); g++)
          {
            const EqkElement element = eqk_group_element (look->group, g);

            if (!eqk_group_on_grid (look->group, &element))
              continue;
            g_assert_cmpfloat (eqs_kernel_look_turn (&look->pairs[0], basis, e, &element, turned, back), <, 1e-12);
            seen++;
          }
      eqk_kernel_basis_unref (basis);
    }
  g_assert_cmpuint (seen, >, 100);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/kernel-look/in-blocks", test_in_blocks);
  g_test_add_func ("/kernel-look/counts", test_counts);
  g_test_add_func ("/kernel-look/turn", test_turn);
  return g_test_run ();
}
