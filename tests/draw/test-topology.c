/* The picture of a design: formats, sizes, ink where cards are, designs without positions, with cycles and unknown layers. */

#include "draw/topology.h"

#include "draw/plan.h"
#include "model/file.h"
#include "model/layout.h"
#include "services/template.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

static char *
save (EqsDocument *document, const char *ending, gsize *length)
{
  g_autofree char     *folder = g_dir_make_tmp ("eqs-topology-XXXXXX", NULL), *path = g_strdup_printf ("%s/x%s", folder, ending);
  g_autoptr (EqsCheck) check = eqs_check_new (document, NULL);
  g_autoptr (GError)   error = NULL;
  char                *bytes = NULL;

  g_assert_true (eqs_draw_topology_save (document, check, path, &error));
  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (path, &bytes, length, NULL));
  g_unlink (path);
  g_rmdir (folder);
  return bytes;
}

static void
test_formats (void)
{
  g_autoptr (EqsDocument) document = eqs_template_new ("T01", NULL);
  gsize                   n_svg, n_png, n_pdf;
  g_autofree char        *svg = save (document, ".svg", &n_svg), *png = save (document, ".png", &n_png), *pdf = save (document, ".pdf", &n_pdf);

  g_assert_nonnull (strstr (svg, "<svg"));
  g_assert_nonnull (strstr (svg, "</svg>"));
  g_assert_cmpint (memcmp (png, "\x89PNG", 4), ==, 0);
  g_assert_cmpint (memcmp (pdf, "%PDF", 4), ==, 0);
  g_assert_cmpuint (MIN (MIN (n_svg, n_png), n_pdf), >, 5000);
}

static void
test_refused (void)
{
  g_autoptr (EqsDocument) document = eqs_template_new ("T01", NULL);
  g_autoptr (GError)      error = NULL, missing = NULL;

  g_assert_false (eqs_draw_topology_save (document, NULL, "x.bmp", &error));
  g_assert_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_INVALID);
  g_assert_false (eqs_draw_topology_save (document, NULL, "/nowhere/at/all/x.svg", &missing));
  g_assert_error (missing, EQS_MODEL_ERROR, EQS_MODEL_ERROR_IO);
}

/* Every template: nothing is drawn beyond the size that was told, and something is. */
static void
test_ink (void)
{
  g_autoptr (GPtrArray) list = eqs_templates_list ();

  for (guint i = 0; i < list->len; i++)
    {
      g_autoptr (EqsDocument) document = eqs_template_new (((EqsTemplate *) g_ptr_array_index (list, i))->id, NULL);
      g_autoptr (EqsCheck)    check = eqs_check_new (document, NULL);
      cairo_surface_t        *surface = cairo_recording_surface_create (CAIRO_CONTENT_COLOR_ALPHA, NULL);
      cairo_t                *cr = cairo_create (surface);
      double                  width, height, x, y, w, h;

      eqs_draw_topology_size (document, check, &width, &height);
      eqs_draw_topology (cr, document, check, FALSE);
      g_assert_cmpint (cairo_status (cr), ==, CAIRO_STATUS_SUCCESS);
      cairo_recording_surface_ink_extents (surface, &x, &y, &w, &h);
      g_assert_cmpfloat (x, >=, -1);
      g_assert_cmpfloat (y, >=, -1);
      g_assert_cmpfloat (x + w, <=, width + 1);
      g_assert_cmpfloat (y + h, <=, height + 1);
      g_assert_cmpfloat (w * h, >, 10000);
      cairo_destroy (cr);
      cairo_surface_destroy (surface);
    }
}

/* On a dark screen the ground is dark and the letters on it are light; on paper it is white. */
static void
test_dark (void)
{
  g_autoptr (EqsDocument) document = eqs_template_new ("T01", NULL);
  g_autoptr (EqsCheck)    check = eqs_check_new (document, NULL);

  for (int dark = 0; dark < 2; dark++)
    {
      cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, 900, 500);
      cairo_t         *cr = cairo_create (surface);
      guint            n_light = 0, n_dark = 0;

      eqs_draw_topology (cr, document, check, dark);
      cairo_surface_flush (surface);
      for (int y = 0; y < 400; y++)
        for (int x = 0; x < 800; x++)
          {
            const guint8 *pixel = cairo_image_surface_get_data (surface) + y * cairo_image_surface_get_stride (surface) + 4 * x;
            const int     sum = pixel[0] + pixel[1] + pixel[2];

            n_light += sum > 3 * 200;
            n_dark += sum < 3 * 70;
          }
      g_assert_cmpuint (dark ? n_dark : n_light, >, 200000);
      g_assert_cmpuint (dark ? n_light : n_dark, >, 1000);
      g_assert_cmpuint (dark ? n_light : n_dark, <, 60000);
      cairo_destroy (cr);
      cairo_surface_destroy (surface);
    }
}

static EqsDocument *
parse (const char *nodes, const char *links)
{
  g_autofree char   *text = g_strdup_printf ("{\"format\":\"equistudio.design\",\"version\":1,\"nodes\":[%s],\"links\":[%s]}", nodes, links);
  g_autoptr (GError) error = NULL;
  EqsDocument       *document = eqs_file_parse (text, -1, &error);

  g_assert_no_error (error);
  return document;
}

static void
test_odd_designs (void)
{
  g_autoptr (EqsDocument) empty = parse ("", "");
  g_autoptr (EqsDocument) unknown = parse ("{\"id\":\"a\",\"layer\":\"of_the_future\"},{\"id\":\"b\",\"layer\":\"relu_pw\"}", "{\"from\":\"a.y\",\"to\":\"b.x\"}");
  g_autoptr (EqsDocument) cycle = parse ("{\"id\":\"a\",\"layer\":\"relu_pw\"},{\"id\":\"b\",\"layer\":\"relu_pw\"}",
                                         "{\"from\":\"a.y\",\"to\":\"b.x\"},{\"from\":\"b.y\",\"to\":\"a.x\"}");
  EqsDocument *documents[] = { empty, unknown, cycle };

  for (gsize i = 0; i < G_N_ELEMENTS (documents); i++)
    {
      gsize            n;
      g_autofree char *svg = save (documents[i], ".svg", &n);

      g_assert_cmpuint (n, >, 200);
    }
}

static void
test_layout (void)
{
  g_autoptr (EqsDocument) document = eqs_template_new ("T03", NULL);
  EqsGraph               *graph = eqs_document_get_graph (document, NULL);
  const guint             n = eqs_graph_get_n_nodes (graph);
  g_autofree double      *xy = g_new0 (double, 2 * n);
  g_autoptr (GError)      error = NULL;

  g_assert_false (eqs_layout_is_needed (graph));   /* templates lie tidily as they are */
  eqs_layout_compute (NULL, graph, NULL, 0, xy);
  for (guint i = 0; i < n; i++)
    for (guint k = i + 1; k < n; k++)
      g_assert_true (fabs (xy[2 * i] - xy[2 * k]) >= EQS_CARD_WIDTH || fabs (xy[2 * i + 1] - xy[2 * k + 1]) >= EQS_CARD_HEIGHT);
  g_assert_true (eqs_layout_tidy (document, &error));
  g_assert_false (eqs_layout_is_needed (graph));
}

/* No card stands in the frame of others, and no frame on another. */
static void
check_frames (EqsPlan *plan)
{
  const guint n = eqs_document_get_n_items (plan->document, EQS_ITEM_FRAME);

  for (guint i = 0; i < n; i++)
    {
      const EqsMap   *frame = eqs_document_get_item (plan->document, EQS_ITEM_FRAME, i);
      const EqsValue *members = eqs_map_get (frame, "members");
      double          box[4], other[4];

      g_assert_true (eqs_plan_frame_box (plan, frame, box));
      for (guint k = 0; k < plan->n_cards; k++)
        {
          const EqsPlanCard *card = &plan->cards[k];
          const gboolean     apart = card->x >= box[2] || card->x + EQS_CARD_WIDTH <= box[0] || card->y >= box[3] || card->y + card->height <= box[1];
          gboolean           member = FALSE;

          for (guint m = 0; m < eqs_value_get_length (members); m++)
            member = member || strcmp (eqs_value_get_string (eqs_value_get_item (members, m)), card->path) == 0;
          g_assert_true (apart != member);
        }
      for (guint k = i + 1; k < n; k++)
        {
          g_assert_true (eqs_plan_frame_box (plan, eqs_document_get_item (plan->document, EQS_ITEM_FRAME, k), other));
          g_assert_true (other[0] >= box[2] || other[2] <= box[0] || other[1] >= box[3] || other[3] <= box[1]);
        }
    }
}

/* No wire runs along what is written on a frame; a crossing is short. */
static void
check_titles (EqsPlan *plan)
{
  for (guint i = 0; i < eqs_document_get_n_items (plan->document, EQS_ITEM_FRAME); i++)
    {
      const EqsMap *frame = eqs_document_get_item (plan->document, EQS_ITEM_FRAME, i);
      double        box[4];

      g_assert_true (eqs_plan_frame_box (plan, frame, box));
      for (guint k = 0; k < plan->n_wires; k++)
        {
          const double end = MIN (box[2], box[0] + 16 + 6.5 * (double) g_utf8_strlen (eqs_map_get_string (frame, "title", ""), -1));
          int          covered = 0;

          for (double x = box[0] + 12; x < end; x += 4)
            covered += eqs_route_distance (&plan->wires[k].route, x, box[1] + 12) < 6;
          g_assert_cmpint (covered, <=, 5);
        }
    }
}

static void
test_tidy_frames (void)
{
  static const char *const names[] = { "T01", "T02", "T03", "T08", "T09", "T10", "T12", "T13", "T18", "T19", "T20", "T21", "T22", "T23", "T24" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (EqsDocument) document = eqs_template_new (names[i], NULL);
      g_autoptr (EqsPlan)     as_is = eqs_plan_new (document, "", NULL), plan = NULL;

      g_test_message ("%s", names[i]);
      check_frames (as_is);
      g_assert_true (eqs_layout_tidy (document, NULL));
      plan = eqs_plan_new (document, "", NULL);
      check_frames (plan);
      check_titles (as_is);
      check_titles (plan);
    }
}

/* A frame around the first and the last of a chain cannot be one block; and two that cross each other neither. */
static void
test_tidy_interleaved (void)
{
  EqsDocument *document = parse ("{\"id\":\"a\",\"layer\":\"relu_pw\"},{\"id\":\"b\",\"layer\":\"relu_pw\"},{\"id\":\"c\",\"layer\":\"relu_pw\"},{\"id\":\"d\",\"layer\":\"relu_pw\"}",
                                 "{\"from\":\"a.y\",\"to\":\"b.x\"},{\"from\":\"b.y\",\"to\":\"c.x\"},{\"from\":\"c.y\",\"to\":\"d.x\"}");
  EqsMap      *fields = eqs_map_new ();
  double       xy[8];
  const char  *const ends[] = { "a", "d", NULL };

  eqs_map_set (fields, "members", eqs_value_new_strings (ends));
  g_assert_true (eqs_document_add_item (document, EQS_ITEM_FRAME, fields, NULL));
  eqs_map_unref (fields);
  eqs_layout_compute (document, eqs_document_get_graph (document, NULL), NULL, 0, xy);
  for (guint i = 0; i + 1 < 4; i++)
    g_assert_cmpfloat (xy[2 * i + 2], ==, xy[2 * i] + EQS_COLUMN_PITCH);
  g_object_unref (document);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/topology/formats", test_formats);
  g_test_add_func ("/topology/refused", test_refused);
  g_test_add_func ("/topology/ink", test_ink);
  g_test_add_func ("/topology/dark", test_dark);
  g_test_add_func ("/topology/odd-designs", test_odd_designs);
  g_test_add_func ("/topology/layout", test_layout);
  g_test_add_func ("/topology/layout/frames", test_tidy_frames);
  g_test_add_func ("/topology/layout/interleaved", test_tidy_interleaved);
  return g_test_run ();
}
