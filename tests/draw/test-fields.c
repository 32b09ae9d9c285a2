/* Fields are drawn as what they are: where a number is large there is colour, arrows of a pose field turn with it, curves have their radius. */

#include "draw/fields.h"

#include <math.h>

static const EqkRep *
rep (const char *group, const char *text)
{
  const EqkRep *found = NULL;

  g_assert_cmpint (eqk_rep_parse (eqk_group_get (group), text, &found, NULL), ==, EQK_OK);
  return found;
}

static guint32
pixel (cairo_surface_t *image, int x, int y)
{
  cairo_surface_flush (image);
  return ((const guint32 *) (void *) (cairo_image_surface_get_data (image) + y * cairo_image_surface_get_stride (image)))[x] & 0xffffff;
}

static void
test_kinds (void)
{
  const EqkRep *mixed = rep ("C8", "2xf0+1xf1+1xf2+3xreg");

  g_assert_cmpint (eqs_field_place (mixed, 0).kind, ==, EQS_FIELD_SCALAR);
  g_assert_cmpint (eqs_field_place (mixed, 2).kind, ==, EQS_FIELD_ARROW);
  g_assert_cmpint (eqs_field_place (mixed, 3).kind, ==, EQS_FIELD_PARTS);
  g_assert_cmpint (eqs_field_place (mixed, 4).kind, ==, EQS_FIELD_POSES);
  g_assert_cmpint (eqs_field_place (mixed, 5).first, ==, 2 + 2 + 2 + 8);
  g_assert_cmpint (eqs_field_place (rep ("C4", "1xf2"), 0).kind, ==, EQS_FIELD_SCALAR);
}

/* One bright pixel of a 4 x 4 map, up to the right. */
static void
test_map (void)
{
  float             values[16] = { 0, 0, 0, 1, 0, 0, 0, 0, -1 };
  const EqkPortType type = { .space = { EQK_SPACE_GRID, 4, 4, 0 }, .rep = rep ("C4", "1x triv") };
  const EqsFieldValues v = { .type = &type, .values = values, .rows = 16, .width = 1 };
  cairo_surface_t *image = cairo_image_surface_create (CAIRO_FORMAT_RGB24, 80, 80);
  cairo_t         *cr = cairo_create (image);
  const EqsFieldTheme *theme = eqs_field_theme (FALSE);

  eqs_draw_map (cr, &v, 0, 1, 0x0072b2, theme, 0, 0, 80, 80);
  g_assert_cmphex (pixel (image, 70, 10), ==, 0x0072b2);
  g_assert_cmphex (pixel (image, 10, 10), ==, theme->paper);
  g_assert_cmphex (pixel (image, 10, 50), ==, theme->negative);
  g_assert_cmphex (pixel (image, 70, 70), ==, theme->paper);
  cairo_destroy (cr);
  cairo_surface_destroy (image);
}

/* The arrows of rho(g) f are g times the arrows of f. */
static void
test_arrows (gconstpointer data)
{
  const EqkGroup   *group = eqk_group_get (data);
  const EqkPortType type = { .space = { EQK_SPACE_SAMPLE, 0, 0, 0 }, .rep = rep (data, "2x reg") };
  const int         n = eqk_rep_get_dim (type.rep);
  float             plain[64], turned[64], a[2], b[2];
  const EqsFieldPlace place = eqs_field_place (type.rep, 1);

  for (int i = 0; i < n; i++)
    plain[i] = (float) cos (3.0 * i * i + 1);
  for (int k = 0; k < eqk_group_get_order (group); k++)
    {
      const EqkElement     g = eqk_group_element (group, k);
      const EqsFieldValues before = { .type = &type, .values = plain, .rows = 1, .width = (gsize) n }, after = { .type = &type, .values = turned, .rows = 1, .width = (gsize) n };
      double               m[9];

      eqk_rep_apply_f32 (type.rep, &g, plain, turned, 1);
      g_assert_true (eqs_field_arrows (&before, &place, a));
      g_assert_true (eqs_field_arrows (&after, &place, b));
      eqk_group_action (group, &g, m);
      g_assert_cmpfloat_with_epsilon ((double) b[0], m[0] * (double) a[0] + m[1] * (double) a[1], 1e-5);
      g_assert_cmpfloat_with_epsilon ((double) b[1], m[2] * (double) a[0] + m[3] * (double) a[1], 1e-5);
      g_assert_cmpfloat (hypot ((double) a[0], (double) a[1]), >, 0.1);
    }
}

/* An arrow to the right leaves ink right of the centre, with its head there. */
static void
test_arrow_direction (void)
{
  const float right[2] = { 1, 0 }, up[2] = { 0, 1 };
  const EqsFieldTheme *theme = eqs_field_theme (FALSE);

  for (int k = 0; k < 2; k++)
    {
      cairo_surface_t *image = cairo_image_surface_create (CAIRO_FORMAT_RGB24, 60, 60);
      cairo_t         *cr = cairo_create (image);
      guint            ink[2][2] = { { 0 } };

      eqs_draw_arrows (cr, k == 0 ? right : up, 1, 1, 2, 1.6, 0xe69f00, theme, 0, 0, 60, 60);
      for (int y = 4; y < 56; y++)
        for (int x = 4; x < 56; x++)
          if (pixel (image, x, y) != theme->paper)
            ink[0][x >= 30]++, ink[1][y >= 30]++;
      g_assert_cmpuint (k == 0 ? ink[0][1] : ink[1][0], >, (k == 0 ? ink[0][0] : ink[1][1]) + 4);
      cairo_destroy (cr);
      cairo_surface_destroy (image);
    }
}

/* Radius 1 is the rim, 1e-8 the centre. */
static void
test_polar (void)
{
  double           error[72];
  gboolean         on_grid[72] = { FALSE };
  cairo_surface_t *image = cairo_image_surface_create (CAIRO_FORMAT_RGB24, 260, 260);
  cairo_t         *cr = cairo_create (image);
  const EqsFieldTheme *theme = eqs_field_theme (FALSE);
  const EqsPolar       polar = { .error = error, .on_grid = on_grid, .n = 72, .exact_limit = 1e-4, .limit = NAN, .angle_rad = G_PI / 2 };

  for (int i = 0; i < 72; i++)
    error[i] = i == 54 ? 1e-2 : 1e-4;
  on_grid[36] = on_grid[54] = TRUE;
  cairo_set_source_rgb (cr, 1, 1, 1);
  cairo_paint (cr);
  eqs_draw_polar (cr, &polar, theme, 0, 0, 260);
  g_assert_cmphex (pixel (image, 130 - 50, 130), ==, 0x009e73);      /* rim 100, 1e-4 half way, at 180° */
  g_assert_cmphex (pixel (image, 130, 130 + 75), ==, 0xc01c28);      /* 1e-2 at 270°: above the limit */
  g_assert_cmphex (pixel (image, 130 - 60, 130 + 60), ==, 0xffffff); /* outside of the curve */
  g_assert_cmphex (pixel (image, 130 - 20, 130 + 20), !=, 0xffffff); /* inside */
  cairo_destroy (cr);
  cairo_surface_destroy (image);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/fields/kinds", test_kinds);
  g_test_add_func ("/fields/map", test_map);
  g_test_add_data_func ("/fields/arrows/C4", "C4", test_arrows);
  g_test_add_data_func ("/fields/arrows/C8", "C8", test_arrows);
  g_test_add_data_func ("/fields/arrows/D4", "D4", test_arrows);
  g_test_add_data_func ("/fields/arrows/D6@axis=90", "D6@axis=90", test_arrows);
  g_test_add_func ("/fields/arrow-direction", test_arrow_direction);
  g_test_add_func ("/fields/polar", test_polar);
  return g_test_run ();
}
