/* What message passing can tell apart: pairs of graphs with a known answer, the generated ones that it cannot tell apart, designs that see more. */

#include "services/bind.h"
#include "services/colouring.h"
#include "services/template.h"

#include "../data/fixture.h"
#include "model/file.h"

/* A template bound to data, as an untrained model. */
static EqsModel *
model_of (const char *template, const char *data, const char *folder)
{
  g_autoptr (GError)      error = NULL;
  g_autoptr (EqsDocument) document = eqs_template_new (template, &error);
  g_autoptr (EqsDataset)  dataset = eqs_dataset_open (data, &error);
  g_autoptr (GPtrArray)   changes = NULL;
  g_autofree char        *path = g_build_filename (folder, "m.equi", NULL);
  EqsModel               *model;

  g_assert_no_error (error);
  g_assert_true (eqs_bind (document, dataset, NULL, &changes, &error));
  g_assert_true (eqs_file_save (document, path, &error));
  model = eqs_model_open (path, &error);
  g_assert_no_error (error);
  return model;
}

static gboolean
limit_of (const char *template, const char *data, EqsColourLimit *limit)
{
  g_autoptr (Folder)     folder = make_folder ();
  g_autoptr (GError)     error = NULL;
  g_autoptr (EqsDataset) dataset = eqs_dataset_open (data, &error);
  g_autoptr (EqsSplit)   test = dataset == NULL ? NULL : eqs_dataset_load (dataset, "test", &error);
  EqsModel              *model = model_of (template, data, folder);
  gboolean               said;

  g_assert_no_error (error);
  said = eqs_colour_limit (model->program, test, limit);
  eqs_model_free (model);
  return said;
}

/* Rings of the same number of nodes, one or two of them: colours agree, and only pairs of nodes see more. */
static void
test_rings (void)
{
  EqsColourLimit   limit;
  g_autofree char *text = NULL;

  g_assert_true (limit_of ("T20", "wl_pairs", &limit));
  g_assert_cmpuint (limit.alike, ==, limit.n);
  g_assert_cmpfloat (limit.most_right, <, 0.6);
  text = eqs_colour_limit_dup_text (&limit);
  g_assert_nonnull (strstr (text, "cannot tell"));
  g_assert_false (limit_of ("T23", "wl_pairs", &limit));
  g_assert_false (limit_of ("T18", "mnist_sum", &limit));
}

/*
 * Pairs of graphs of classes 0 and 1 in the TU layout, the nodes of each graph given by their kinds, its edges both ways; alike: what refining colours finds.
 * (Two triangles beside each other and a ring of six; a path and itself with other names; a star and a path of four nodes; one other kind of node; one other kind of edge.)
 */
static const struct { const char *kinds[2], *edges[2]; gboolean edge_kinds, alike; } pairs[] = {
  { { "aaaaaa", "aaaaaa" }, { "01 12 20 34 45 53", "01 12 23 34 45 50" }, FALSE, TRUE },
  { { "abaa", "aaba" }, { "01 12 23", "12 23 30" }, FALSE, TRUE },
  { { "abaa", "aaba" }, { "01 12 23", "12 13 30" }, FALSE, FALSE },
  { { "abaa", "baaa" }, { "01 12 23", "01 02 23" }, FALSE, TRUE },
  { { "aaaa", "aaaa" }, { "01 02 03", "01 12 23" }, FALSE, FALSE },
  { { "aaab", "aaaa" }, { "01 12 23", "01 12 23" }, FALSE, FALSE },
  { { "aaa", "aaa" }, { "01x 12y", "01x 12x" }, TRUE, FALSE },
  { { "aaa", "aaa" }, { "01x 12y", "01y 12x" }, TRUE, TRUE },
};

static void
test_pairs (void)
{
  for (gsize p = 0; p < G_N_ELEMENTS (pairs); p++)
    {
      g_autoptr (Folder)  folder = make_folder ();
      g_autoptr (GString) edges = g_string_new (NULL), indicator = g_string_new (NULL), kinds = g_string_new (NULL), edge_kinds = g_string_new (NULL);
      EqsColourLimit      limit;
      guint               first = 1;

      for (guint copy = 0; copy < 2; copy++)      /* as a part "test" and as one to bind to */
        for (guint g = 0; g < 2; g++)
          {
            g_auto (GStrv) list = g_strsplit (pairs[p].edges[g], " ", -1);

            for (const char *k = pairs[p].kinds[g]; *k != '\0'; k++)
              {
                g_string_append_printf (kinds, "%d\n", *k - 'a');
                g_string_append_printf (indicator, "%u\n", 2 * copy + g + 1);
              }
            for (guint e = 0; list[e] != NULL; e++)
              {
                const guint a = first + (guint) (list[e][0] - '0'), b = first + (guint) (list[e][1] - '0');

                g_string_append_printf (edges, "%u, %u\n%u, %u\n", a, b, b, a);
                for (guint way = 0; way < 2; way++)
                  g_string_append_printf (edge_kinds, "%d\n", list[e][2] == 'y');
              }
            first += (guint) strlen (pairs[p].kinds[g]);
          }
      put_text (folder, "G_A.txt", edges->str);
      put_text (folder, "G_graph_indicator.txt", indicator->str);
      put_text (folder, "G_node_labels.txt", kinds->str);
      if (pairs[p].edge_kinds)
        put_text (folder, "G_edge_labels.txt", edge_kinds->str);
      put_text (folder, "G_graph_labels.txt", "0\n1\n0\n1\n");
      put_text (folder, "G_split.txt", "test\ntest\ntrain\ntrain\n");
      g_assert_true (limit_of ("T20", folder, &limit));
      g_test_message ("pair %zu: %u of %u alike", p, limit.alike, limit.n);
      g_assert_cmpuint (limit.n, ==, 2);
      g_assert_cmpuint (limit.alike, ==, pairs[p].alike ? 2 : 0);
      g_assert_cmpfloat (limit.most_right, ==, pairs[p].alike ? 0.5 : 1);
    }
}

/* Numbers do not depend on where colours stand. */
static void
test_numbers (void)
{
  const guint64 colours[] = { 7, 3, 7, 9, 3 }, moved[] = { 3, 9, 7, 3, 7 };
  gint32        a[5], b[5];

  g_assert_cmpuint (eqs_colours_number (colours, 5, a), ==, 3);
  g_assert_cmpuint (eqs_colours_number (moved, 5, b), ==, 3);
  g_assert_cmpint (a[0], ==, b[2]);
  g_assert_cmpint (a[1], ==, b[0]);
  g_assert_cmpint (a[3], ==, b[1]);
  g_assert_true (a[0] != a[1] && a[1] != a[3] && a[0] != a[3]);
  g_assert_cmpuint (eqs_colours_number (colours, 0, a), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/colouring/rings", test_rings);
  g_test_add_func ("/colouring/pairs", test_pairs);
  g_test_add_func ("/colouring/numbers", test_numbers);
  return g_test_run ();
}
