/*
 * Frames a processor second of a cloud of atoms, drawn in memory as the window draws it while it is turned: bench-scene [ATOMS [WIDTH [HEIGHT]]].
 * Printed, never asserted.
 */

#include "draw/scene.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double
measure (EqsScene *scene, int width, int height, gboolean fine)
{
  cairo_surface_t   *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, width, height);
  const EqsSceneLook look = { .axes = TRUE, .fine = fine };
  EqsCamera          camera;
  clock_t            begin = 0;
  const int          frames = 40;

  eqs_camera_reset (&camera);
  for (int i = -3; i < frames; i++)      /* three to warm up */
    {
      cairo_t *cr = cairo_create (surface);
      double   turn[4];

      if (i == 0)
        begin = clock ();
      eqs_turn_of_axis ((const double[3]){ 0, 1, 0 }, 0.1, turn);
      eqs_turn_compose (turn, camera.q, camera.q);
      cairo_set_source_rgb (cr, 1, 1, 1);
      cairo_paint (cr);
      eqs_scene_draw (scene, cr, &camera, eqs_field_theme (FALSE), &look, 0, 0, width, height);
      cairo_destroy (cr);
    }
  cairo_surface_destroy (surface);
  return frames * (double) CLOCKS_PER_SEC / (double) (clock () - begin);
}

int
main (int argc, char **argv)
{
  const int          n = argc > 1 ? atoi (argv[1]) : 5000, width = argc > 2 ? atoi (argv[2]) : 900, height = argc > 3 ? atoi (argv[3]) : 600;
  g_autofree double *places = g_new (double, 3 * n);
  g_autofree gint32 *numbers = g_new (gint32, n);
  static const gint32 kinds[] = { 6, 1, 1, 8, 7 };
  const int          side = (int) ceil (cbrt (n));
  g_autoptr (EqsScene) scene = NULL;

  /* A grid 1.5 Å apart, shaken: every atom has some six bonds, which is more than molecules have. */
  for (int i = 0; i < n; i++)
    {
      places[3 * i] = 1.5 * (i % side) + 0.2 * sin (12.9 * i);
      places[3 * i + 1] = 1.5 * (i / side % side) + 0.2 * sin (78.2 * i);
      places[3 * i + 2] = 1.5 * (i / side / side) + 0.2 * sin (37.7 * i);
      numbers[i] = kinds[i % 5];
    }
  scene = eqs_scene_new (places, (gsize) n, numbers);
  printf ("%d atoms, %d x %d: %.1f frames a processor second as they are turned, %.1f with smooth edges\n", n, width, height, measure (scene, width, height, FALSE),
          measure (scene, width, height, TRUE));
  return 0;
}
