/* Paths of tensor products against an enumeration that knows no triangle rule: how often an irrep stands in a product, by integrals of characters. */

#include "one-layer.h"

#include "eqk/space.h"
#include "layers/irreps.h"

enum { DEGREES = 5, KINDS = 2 * DEGREES };      /* 0e, 0o … 4e, 4o */

/* Of a turn by t in the irrep of degree l. */
static double
character (int l, double t)
{
  double sum = 1;

  for (int m = 1; m <= l; m++)
    sum += 2 * cos (m * t);
  return sum;
}

/* Over SO(3), classes weigh 1 - cos t; exact on equal steps, as the integrand is a polynomial of low degree in cos t. */
static int
multiplicity (int l1, int l2, int l3)
{
  const int n = 64;
  double    sum = 0;

  for (int i = 0; i < n; i++)
    {
      const double t = G_PI * (i + 0.5) / n;

      sum += character (l1, t) * character (l2, t) * character (l3, t) * (1 - cos (t)) / n;
    }
  g_assert_cmpfloat (fabs (sum - round (sum)), <, 1e-9);
  return (int) round (sum);
}

static bool
is_path (int a, int b, int c)
{
  return (a % 2 ^ b % 2) == c % 2 && multiplicity (a / 2, b / 2, c / 2) == 1;
}

static void
name_of (int kind, char name[8])
{
  snprintf (name, 8, "%d%c", kind / 2, "eo"[kind % 2]);
}

static const EqkRep *
rep_of (const char *text)
{
  const EqkRep *rep = NULL;

  g_assert_cmpint (eqk_rep_parse (eqk_group_get ("O3"), text, &rep, NULL), ==, EQK_OK);
  return rep;
}

/* Products with harmonics: alone, and left out. */
static void
test_convolution (void)
{
  for (int a = 0; a < KINDS; a++)
    for (int b = 0; b < KINDS; b++)
      for (int c = 0; c < KINDS; c++)
        {
          char x[8], y[8], z[8], one[3][12], path[40];

          name_of (a, x);
          name_of (b, y);
          name_of (c, z);
          snprintf (one[0], 12, "3x%s", x);
          snprintf (one[1], 12, "1x%s", y);
          snprintf (one[2], 12, "1x%s", z);
          snprintf (path, sizeof path, "0e*0e>0e, %s*%s>%s", x, y, z);
          g_assert_cmpint (eqk_irreps_n_paths_weights (rep_of (one[0]), rep_of (one[1]), rep_of (one[2]), NULL), ==, is_path (a, b, c) ? 3 : 0);
          g_assert_cmpint (eqk_irreps_n_paths_weights (rep_of (one[0]), rep_of (one[1]), rep_of (one[2]), path), ==, 0);
          g_assert_cmpint (eqk_rep_get_dim (eqk_irreps_products (rep_of (one[0]), rep_of (one[1]), rep_of (one[2]), NULL)), ==, is_path (a, b, c) ? 3 * (c / 2 * 2 + 1) : 0);
        }
}

/* All kinds with all kinds to all kinds: found[a][b][c] as the operation has them. */
static int
paths_of (const char *drop, bool found[KINDS][KINDS][KINDS])
{
  static const char all[] = "sample 1x0e+1x0o+1x1e+1x1o+1x2e+1x2o+1x3e+1x3o+1x4e+1x4o";
  g_autofree char *settings = g_strdup_printf ("out=%s%s%s", all + strlen ("sample "), *drop == '\0' ? "" : " drop_paths=", drop);
  const EqkSpecimen specimen = { .group = "O3", .inputs = { all, all }, .settings = settings };
  OneLayer         layer;
  int              n = 0;

  memset (found, 0, KINDS * sizeof *found);
  one_layer_set_up (&layer, eqk_layer_find ("fctp"), &specimen, EQK_F64, false, true, 1);
  for (int i = 0; i < eqk_program_n_ops (layer.program); i++)
    {
      const EqkOp            *op = eqk_program_op (layer.program, i);
      const EqkProductParams *p = op->params;

      if (strcmp (op->id, "tensor_product") != 0)
        continue;
      g_assert_cmpint (p->n_weights, ==, p->n_paths);
      g_assert_cmpint (eqk_program_value (layer.program, op->in[2])->shape[0], ==, p->n_weights);
      for (int k = 0; k < p->n_paths; k++)
        {
          const EqkProductPath *path = &p->paths[k];
          int                   kinds[3] = { -1, -1, -1 };
          const int             at[3] = { path->from_x, path->from_y, path->to }, dims[3] = { path->n_i, path->n_j, path->n_k };

          for (int side = 0; side < 3; side++)
            for (int kind = 0, first = 0; kind < KINDS; first += kind / 2 * 2 + 1, kind++)
              if (first == at[side] && dims[side] == kind / 2 * 2 + 1)
                kinds[side] = kind;
          g_assert_cmpint (MIN (MIN (kinds[0], kinds[1]), kinds[2]), >=, 0);
          g_assert_false (found[kinds[0]][kinds[1]][kinds[2]]);
          found[kinds[0]][kinds[1]][kinds[2]] = true;
          n++;
        }
    }
  one_layer_tear_down (&layer);
  return n;
}

static void
test_full_product (void)
{
  static bool found[KINDS][KINDS][KINDS], left[KINDS][KINDS][KINDS];
  const int   n = paths_of ("", found);
  int         seen = 0, dropped = 0;
  g_autoptr (GString) drop = g_string_new (NULL);

  for (int a = 0; a < KINDS; a++)
    for (int b = 0; b < KINDS; b++)
      for (int c = 0; c < KINDS; c++)
        {
          g_assert_cmpint (found[a][b][c], ==, is_path (a, b, c));
          if (found[a][b][c] && seen++ % 3 == 0)
            {
              char x[8], y[8], z[8];

              name_of (a, x);
              name_of (b, y);
              name_of (c, z);
              g_string_append_printf (drop, "%s%s*%s>%s", dropped++ > 0 ? "," : "", x, y, z);
            }
        }
  g_assert_cmpint (seen, ==, n);
  g_test_message ("%d paths of degrees to 4, %d of them left out", n, dropped);
  g_assert_cmpint (paths_of (drop->str, left), ==, n - dropped);
  seen = 0;
  for (int a = 0; a < KINDS; a++)
    for (int b = 0; b < KINDS; b++)
      for (int c = 0; c < KINDS; c++)
        g_assert_cmpint (left[a][b][c], ==, is_path (a, b, c) && seen++ % 3 != 0);
}

/* What is no list of paths is refused, and so is a product of which nothing is left. */
static void
test_refused (void)
{
  static const char *const broken[] = { "1o*2e", "1o>2e*1o", "1o*2e>1o;0e*1o>1o", "o*e>o", "1o*2e>1o,,", "1o*1o>0e", "1x1o*1o>0e" };

  for (guint i = 0; i < G_N_ELEMENTS (broken); i++)
    {
      g_autofree char  *settings = g_strdup_printf ("out=1x0e drop_paths=%s", broken[i]);
      const EqkSpecimen specimen = { .group = "O3", .inputs = { "sample 1x1o", "sample 1x1o" }, .settings = settings };
      OneLayer          layer;

      one_layer_infer (&layer, eqk_layer_find ("fctp"), &specimen);
      g_assert_null (eqk_typed_output (layer.typed, 0, "z"));
      one_layer_tear_down (&layer);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/paths/convolution", test_convolution);
  g_test_add_func ("/paths/full-product", test_full_product);
  g_test_add_func ("/paths/refused", test_refused);
  return g_test_run ();
}
