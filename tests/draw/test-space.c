/* Turns, projection, picking, bonds; and that what is painted stands where it should. */

#include "draw/raster.h"
#include "draw/scene.h"

#include "eqk/space.h"

#include <math.h>
#include <string.h>

static void
random_turn (GRand *rand, double q[4])
{
  const double axis[3] = { g_rand_double_range (rand, -1, 1), g_rand_double_range (rand, -1, 1), g_rand_double_range (rand, -1, 1) };

  eqs_turn_of_axis (axis, g_rand_double_range (rand, 0.01, 3), q);
}

static void
test_turns (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (3);

  for (int i = 0; i < 50; i++)
    {
      double a[4], b[4], ab[4], back[4], one[4], ma[9], mb[9], mab[9], axis[3], again[4], way[4], angle;

      random_turn (rand, a);
      random_turn (rand, b);
      eqs_turn_compose (a, b, ab);
      eqs_turn_matrix (a, ma);
      eqs_turn_matrix (b, mb);
      eqs_turn_matrix (ab, mab);
      for (int r = 0; r < 3; r++)
        for (int c = 0; c < 3; c++)
          g_assert_cmpfloat_with_epsilon (ma[3 * r] * mb[c] + ma[3 * r + 1] * mb[3 + c] + ma[3 * r + 2] * mb[6 + c], mab[3 * r + c], 1e-12);
      eqs_turn_invert (a, back);
      eqs_turn_compose (a, back, one);
      g_assert_cmpfloat_with_epsilon (fabs (one[0]), 1, 1e-12);
      angle = eqs_turn_get_axis (ab, axis);
      eqs_turn_of_axis (axis, angle, again);
      g_assert_cmpfloat_with_epsilon (fabs (again[0] * ab[0] + again[1] * ab[1] + again[2] * ab[2] + again[3] * ab[3]), 1, 1e-12);
      eqs_turn_between (a, b, 1, way);
      g_assert_cmpfloat_with_epsilon (fabs (way[0] * b[0] + way[1] * b[1] + way[2] * b[2] + way[3] * b[3]), 1, 1e-12);
      eqs_turn_between (a, b, 0, way);
      g_assert_cmpfloat_with_epsilon (fabs (way[0] * a[0] + way[1] * a[1] + way[2] * a[2] + way[3] * a[3]), 1, 1e-12);
    }
}

/* From the middle to the right rim: half a turn about y, so that the front goes right. */
static void
test_drag (void)
{
  double q[4], axis[3], m[9];

  eqs_turn_of_drag (0.3, 0.2, 0.3, 0.2, q);
  g_assert_cmpfloat_with_epsilon (fabs (q[0]), 1, 1e-12);
  eqs_turn_of_drag (0, 0, 0.5, 0, q);
  g_assert_cmpfloat_with_epsilon (eqs_turn_get_axis (q, axis), 2 * asin (0.5), 1e-9);
  eqs_turn_matrix (q, m);
  g_assert_cmpfloat (m[2], >, 0);      /* z, towards the eye, goes to +x */
  eqs_turn_of_drag (3, 0, 0, 3, q);    /* outside: about the line of sight */
  eqs_turn_get_axis (q, axis);
  g_assert_cmpfloat_with_epsilon (axis[2], 1, 1e-12);
}

static void
test_pick (void)
{
  const double    places[] = { 0, 0, -1, 0, 0, 1, 1, 0, 0 }, radii[] = { 0.3, 0.3, 0.2 };
  const EqsCamera front = { { 1, 0, 0, 0 }, 1, { 0, 0 } }, behind = { { 0, 0, 1, 0 }, 1, { 0, 0 } };
  const double    centre[3] = { 0, 0, 0 };
  EqsView         view = eqs_view_new (&front, centre, 2, 0, 0, 200, 100);
  g_autofree guint *order = eqs_view_order (&view, places, 3);
  double          spot[3];

  eqs_view_project (&view, places + 6, spot);
  g_assert_cmpfloat_with_epsilon (spot[0], 125, 1e-9);
  g_assert_cmpfloat_with_epsilon (spot[1], 50, 1e-9);
  g_assert_cmpuint (order[0], ==, 0);
  g_assert_cmpuint (order[2], ==, 1);
  g_assert_cmpint (eqs_view_pick (&view, places, radii, 3, 100, 50), ==, 1);
  g_assert_cmpint (eqs_view_pick (&view, places, radii, 3, 125, 50), ==, 2);
  g_assert_cmpint (eqs_view_pick (&view, places, radii, 3, 160, 50), ==, -1);
  view = eqs_view_new (&behind, centre, 2, 0, 0, 200, 100);
  g_assert_cmpint (eqs_view_pick (&view, places, radii, 3, 100, 50), ==, 0);
  eqs_view_project (&view, places + 6, spot);
  g_assert_cmpfloat_with_epsilon (spot[0], 75, 1e-9);
}

static void
test_bonds (void)
{
  const double       water[] = { 0, 0, 0, 0.96, 0, 0, -0.24, 0.93, 0, 5, 5, 5 };
  const gint32       kinds[] = { 8, 1, 1, 2 };
  gsize              n_bonds, n_near = 0;
  g_autofree gint32 *bonds = eqs_bonds_find (water, kinds, 4, &n_bonds);
  g_autoptr (GRand)  rand = g_rand_new_with_seed (5);
  double             places[3 * 400];
  gint32             numbers[400];

  g_assert_cmpuint (n_bonds, ==, 2);
  g_assert_cmpint (bonds[0], ==, 0);
  g_assert_cmpint (bonds[1], ==, 1);
  g_assert_cmpint (bonds[3], ==, 2);
  /* The grid of cells finds what looking at all pairs finds. */
  for (int i = 0; i < 400; i++)
    {
      for (int k = 0; k < 3; k++)
        places[3 * i + k] = g_rand_double_range (rand, -6, 6);
      numbers[i] = g_rand_int_range (rand, 1, 20);
    }
  for (int i = 0; i < 400; i++)
    for (int j = i + 1; j < 400; j++)
      {
        const double far = sqrt (pow (places[3 * i] - places[3 * j], 2) + pow (places[3 * i + 1] - places[3 * j + 1], 2) + pow (places[3 * i + 2] - places[3 * j + 2], 2));

        n_near += far > 0.4 && far <= eqs_atom_radius (numbers[i]) + eqs_atom_radius (numbers[j]) + 0.4;
      }
  g_free (bonds);
  bonds = eqs_bonds_find (places, numbers, 400, &n_bonds);
  g_assert_cmpuint (n_bonds, ==, n_near);
  g_free (eqs_bonds_find (places, numbers, 0, &n_bonds));
  g_assert_cmpuint (n_bonds, ==, 0);
}

static guint32
pixel (cairo_surface_t *surface, int x, int y)
{
  return *(const guint32 *) (const void *) (cairo_image_surface_get_data (surface) + y * cairo_image_surface_get_stride (surface) + 4 * x);
}

static gboolean
is_reddish (guint32 p)
{
  return p >> 24 == 255 && (p >> 16 & 255) > 2 * (p >> 8 & 255);
}

static void
test_raster (gconstpointer fine)
{
  g_autoptr (EqsRaster) raster = eqs_raster_new (60, 40, fine != NULL, 0xffffff);
  const double          far[3] = { 20, 20, -5 }, near[3] = { 24, 20, 5 }, other[3] = { 50, 20, 0 }, up[3] = { 50, 4, 0 };
  cairo_surface_t      *surface;

  eqs_raster_ball (raster, near, 6, 0x00ff00);
  eqs_raster_ball (raster, far, 8, 0xff0000);
  eqs_raster_rod (raster, near, other, 2, 0x00ff00, 0x0000ff);
  eqs_raster_cone (raster, other, up, 5, 0xff0000);
  surface = eqs_raster_take_surface (raster);
  g_assert_true (is_reddish (pixel (surface, 15, 20)));       /* the far ball beside the near one */
  g_assert_false (is_reddish (pixel (surface, 24, 20)));      /* hidden there, though painted later */
  g_assert_cmpuint (pixel (surface, 45, 20) & 255, >, 50);    /* the second half of the rod */
  g_assert_true (is_reddish (pixel (surface, 50, 15)));       /* inside of the cone */
  g_assert_cmpuint (pixel (surface, 54, 5), ==, 0);           /* beside its tip */
  g_assert_cmpuint (pixel (surface, 2, 2), ==, 0);
  cairo_surface_destroy (surface);
}

/* Y_1 = (x, y, z): the signal of (0, 1, 0) bulges up in its colour and down in the other. */
static void
test_signal (void)
{
  const double         place[3] = { 0, 0, 0 }, c[4] = { 0, 0, 1, 0 };
  g_autoptr (EqsScene) scene = eqs_scene_new (place, 1, NULL);
  const EqsCamera      camera = { { 1, 0, 0, 0 }, 1, { 0, 0 } };
  const EqsSceneLook   look = { FALSE, FALSE, FALSE };
  cairo_surface_t     *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, 100, 100);
  cairo_t             *cr = cairo_create (surface);

  g_assert_cmpfloat_with_epsilon (eqs_signal_largest (c, 1, 1), sqrt (3), 1e-6);
  eqs_scene_set_signals (scene, c, 1, 1, 0xff0000, -1, FALSE);
  eqs_scene_set_bound (scene, place, 2);
  eqs_scene_draw (scene, cr, &camera, eqs_field_theme (FALSE), &look, 0, 0, 100, 100);
  cairo_destroy (cr);
  cairo_surface_flush (surface);
  g_assert_true (is_reddish (pixel (surface, 50, 25)));
  g_assert_false (is_reddish (pixel (surface, 50, 75)));
  g_assert_cmpuint (pixel (surface, 50, 75) >> 24, ==, 255);
  g_assert_cmpuint (pixel (surface, 90, 50), ==, 0);
  cairo_surface_destroy (surface);
}

/* Y_1 . v peaks at v; a turned signal at the turned place; x^2 - y^2 at both ends of x. */
static void
test_peaks (void)
{
  const double  along[4] = { 0.2, 0.36, 0.48, 0.8 };
  double        second[9] = { 0 }, y[9], u[3] = { 1, 0, 0 };
  EqsSignalPeak peaks[4];

  g_assert_cmpuint (eqs_signal_peaks (along, 1, peaks, 4), ==, 1);
  for (int k = 0; k < 3; k++)
    g_assert_cmpfloat_with_epsilon (peaks[0].u[k], along[k + 1], 0.01);
  g_assert_cmpfloat_with_epsilon (peaks[0].value, 0.2 + sqrt (3), 1e-3);
  /* Y_2 at x, as coefficients, is the l = 2 signal that is largest at x, and so at -x. */
  eqk_harmonics (2, u, y, NULL);
  memcpy (second + 4, y + 4, 5 * sizeof *second);
  g_assert_cmpuint (eqs_signal_peaks (second, 2, peaks, 4), >=, 2);
  g_assert_cmpfloat_with_epsilon (fabs (peaks[0].u[0]), 1, 1e-3);
  g_assert_cmpfloat_with_epsilon (peaks[0].u[0], -peaks[1].u[0], 1e-3);
  g_assert_cmpfloat_with_epsilon (peaks[0].value, 5, 1e-3);
}

static void
test_scene (void)
{
  const double         places[] = { 0, 0, 0, 0.96, 0, 0, -0.24, 0.93, 0 };
  const gint32         kinds[] = { 8, 1, 1 };
  static const char *const symbols[] = { "O", "H", "H" };
  g_autoptr (EqsScene) scene = eqs_scene_new (places, 3, kinds);
  const EqsCamera      camera = { { 1, 0, 0, 0 }, 1, { 0, 0 } };
  g_autofree char     *label = NULL, *none = eqs_scene_dup_label (scene, 2);

  eqs_scene_take_symbols (scene, g_memdup2 (symbols, sizeof symbols));
  label = eqs_scene_dup_label (scene, 2);
  g_assert_cmpstr (label, ==, "H2");
  g_assert_cmpstr (none, ==, "3");
  eqs_scene_set_bound (scene, places, 1);
  g_assert_cmpint (eqs_scene_pick (scene, &camera, 100, 100, 50, 50), ==, 0);
}

/* Four cubes in an L hang together; of bodies that fly about two are near each other by chance, and no stick says they are joined. */
static void
test_link_near (void)
{
  const double shape[12] = { 0, 0, 0, 1, 0, 0, 2, 0, 0, 2, 1, 0 }, bodies[15] = { 0, 0, 0, 0.5, 0, 0, 3, 1, 0, -2, 4, 1, 1, -5, 2 };
  EqsScene    *one = eqs_scene_new (shape, 4, NULL), *other = eqs_scene_new (bodies, 5, NULL);

  eqs_scene_link_near (one);
  g_assert_cmpuint (eqs_scene_get_n_links (one), ==, 3);
  eqs_scene_link_near (other);
  g_assert_cmpuint (eqs_scene_get_n_links (other), ==, 0);
  eqs_scene_unref (one);
  eqs_scene_unref (other);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/space/turns", test_turns);
  g_test_add_func ("/space/drag", test_drag);
  g_test_add_func ("/space/pick", test_pick);
  g_test_add_func ("/space/bonds", test_bonds);
  g_test_add_func ("/space/link-near", test_link_near);
  g_test_add_data_func ("/space/raster", NULL, test_raster);
  g_test_add_data_func ("/space/raster-fine", "", test_raster);
  g_test_add_func ("/space/signal", test_signal);
  g_test_add_func ("/space/peaks", test_peaks);
  g_test_add_func ("/space/scene", test_scene);
  return g_test_run ();
}
