/* Films: each chunk's checksum holds, pictures are counted and numbered in their order, and the first is what a plain reader shows. */

#include "draw/animation.h"

#include <glib/gstdio.h>
#include <string.h>

static void
add (EqsAnimation *film, double red)
{
  cairo_t *cr = eqs_animation_add (film, 100);

  cairo_set_source_rgb (cr, red, 0, 0);
  cairo_paint (cr);
}

static guint32
u32 (const guint8 *at)
{
  return (guint32) at[0] << 24 | (guint32) at[1] << 16 | (guint32) at[2] << 8 | at[3];
}

/* The table-driven form of the same checksum, so that the two do not share a mistake. */
static guint32
crc (const guint8 *data, gsize n)
{
  guint32 table[256], c = 0xffffffff;

  for (guint i = 0; i < 256; i++)
    {
      table[i] = i;
      for (int k = 0; k < 8; k++)
        table[i] = (table[i] & 1) != 0 ? 0xedb88320 ^ (table[i] >> 1) : table[i] >> 1;
    }
  for (gsize i = 0; i < n; i++)
    c = table[(c ^ data[i]) & 255] ^ (c >> 8);
  return c ^ 0xffffffff;
}

static void
test_file (void)
{
  g_autofree char   *folder = g_dir_make_tmp ("equi-film-XXXXXX", NULL), *path = g_build_filename (folder, "film.png", NULL), *bytes = NULL, *names = NULL;
  g_autoptr (EqsAnimation) film = eqs_animation_new (20, 10);
  g_autoptr (GError) error = NULL;
  cairo_surface_t   *plain;
  gsize              size, at = 8;
  guint32            number = 0, frames = 0;
  g_autoptr (GString) order = g_string_new (NULL);

  g_assert_false (eqs_animation_save (film, path, &error));
  g_clear_error (&error);
  for (int i = 0; i < 3; i++)
    add (film, i / 2.0);
  g_assert_cmpuint (eqs_animation_get_n (film), ==, 3);
  g_assert_true (eqs_animation_save (film, path, &error));
  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (path, &bytes, &size, NULL));
  for (; at + 12 <= size; at += u32 ((guint8 *) bytes + at) + 12)
    {
      const guint8 *chunk = (guint8 *) bytes + at;
      const gsize   n = u32 (chunk);

      g_assert_cmpuint (at + n + 12, <=, size);
      g_assert_cmphex (crc (chunk + 4, n + 4), ==, u32 (chunk + 8 + n));
      g_string_append_printf (order, "%.4s ", chunk + 4);
      if (memcmp (chunk + 4, "acTL", 4) == 0)
        frames = u32 (chunk + 8);
      if (memcmp (chunk + 4, "fcTL", 4) == 0 || memcmp (chunk + 4, "fdAT", 4) == 0)
        g_assert_cmpuint (u32 (chunk + 8), ==, number++);
    }
  g_assert_cmpuint (at, ==, size);
  g_assert_cmpuint (frames, ==, 3);
  g_assert_true (g_str_has_prefix (order->str, "IHDR acTL "));
  g_assert_true (g_str_has_suffix (order->str, "fcTL fdAT fcTL fdAT IEND "));
  plain = cairo_image_surface_create_from_png (path);
  g_assert_cmpint (cairo_surface_status (plain), ==, CAIRO_STATUS_SUCCESS);
  g_assert_cmpint (cairo_image_surface_get_width (plain), ==, 20);
  cairo_surface_destroy (plain);
  g_remove (path);
  g_rmdir (folder);
}

static void
test_numbered (void)
{
  g_autofree char   *top = g_dir_make_tmp ("equi-film-XXXXXX", NULL), *folder = g_build_filename (top, "steps", NULL);
  g_autoptr (EqsAnimation) film = eqs_animation_new (4, 4);
  g_autoptr (GError) error = NULL;

  add (film, 0);
  add (film, 1);
  g_assert_true (eqs_animation_save_numbered (film, folder, &error));
  for (int i = 1; i <= 2; i++)
    {
      g_autofree char *name = g_strdup_printf ("%03d.png", i), *path = g_build_filename (folder, name, NULL);
      cairo_surface_t *picture = cairo_image_surface_create_from_png (path);

      g_assert_cmpint (cairo_surface_status (picture), ==, CAIRO_STATUS_SUCCESS);
      g_assert_cmphex (*(guint32 *) (void *) cairo_image_surface_get_data (picture) & 0xff0000, ==, i == 1 ? 0 : 0xff0000);
      cairo_surface_destroy (picture);
      g_remove (path);
    }
  g_assert_false (eqs_animation_save_numbered (film, "/proc/no-such-place/steps", &error));
  g_assert_nonnull (error);
  g_rmdir (folder);
  g_rmdir (top);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/animation/file", test_file);
  g_test_add_func ("/animation/numbered", test_numbered);
  return g_test_run ();
}
