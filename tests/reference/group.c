/* group_*.json: everything escnn says of a group, against the same questions to libeqk. */

#include "escnn.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TOLERANCE 1e-9    /* the files have 10 to 12 digits */

typedef struct
{
  RefFile        *file;
  const cJSON    *root;
  const EqkGroup *group;
} Reader;

static RefCase
open_case (const Reader *self, const char *what)
{
  return ref_case_open (self->file, "%s", what);
}

/* --- decompositions --- */

/** A list of {"irrep", "mult"} that has to be the irreps of the field, each irrep named once. */
static void
check_decomposition (RefCase *c, const char *what, const cJSON *list, const EqkField *field)
{
  const int n = cJSON_GetArraySize (list);
  int dim = 0;

  if (!ref_check (c, cJSON_IsArray (list) && field != NULL, "%s: missing", what))
    return;
  for (int i = 0; i < n; i++)
    {
      const cJSON *entry = ref_at (c, list, i);
      const EqkField *irrep = escnn_irrep (c, eqk_field_get_group (field), ref_get (c, entry, "irrep"));

      if (irrep == NULL)
        return;
      for (int k = 0; k < i; k++)
        {
          const cJSON *other = cJSON_GetObjectItem (cJSON_GetArrayItem (list, k), "irrep");

          ref_check (c, !cJSON_Compare (ref_get (c, entry, "irrep"), other, true), "%s: an irrep twice", what);
        }
      ref_equal (c, what, ref_get (c, entry, "mult"), eqk_field_multiplicity (field, irrep));
      dim += eqk_field_get_dim (irrep) * eqk_field_multiplicity (field, irrep);
    }
  ref_check (c, dim == eqk_field_get_dim (field), "%s: dimensions add up to %d of %d", what, dim,
             eqk_field_get_dim (field));
}

/** The ids of a list have to be all irreps (up to the highest frequency among them), each once. */
static void
check_all_irreps (RefCase *c, const cJSON *list, const char *key, const EqkGroup *group)
{
  const int n = cJSON_GetArraySize (list);
  int highest = 0;

  for (int i = 0; i < n; i++)
    {
      const cJSON *id = ref_get (c, ref_at (c, list, i), key);
      const EqkField *irrep = escnn_irrep (c, group, id);

      if (irrep == NULL)
        return;
      if (eqk_field_irrep_frequency (irrep) > highest)
        highest = eqk_field_irrep_frequency (irrep);
      for (int k = 0; k < i; k++)
        ref_check (c, !cJSON_Compare (id, cJSON_GetObjectItem (cJSON_GetArrayItem (list, k), key), true),
                   "irrep %s twice", eqk_field_get_name (irrep));
    }
  ref_check (c, n == eqk_group_n_irreps (group, eqk_group_is_finite (group) ? eqk_group_get_order (group) : highest),
             "%d irreps", n);
}

/* --- elements --- */

static EqkElement
read_element (RefCase *c, const Reader *self, const cJSON *item)
{
  const bool pair = cJSON_IsArray (item), mirror = eqk_group_has_mirror (self->group);
  const cJSON *step = pair ? ref_at (c, item, 1) : item;
  EqkElement g = { 0 };

  if (mirror)
    g.mirror = ref_int (c, ref_at (c, item, 0));
  else if (pair)
    ref_equal_text (c, "element", ref_at (c, item, 0), "rot");
  ref_check (c, g.mirror == 0 || g.mirror == 1, "mirror is %d", g.mirror);
  if (eqk_group_is_finite (self->group))
    g.index = ref_int (c, step);
  else
    g.angle = ref_number (c, step);
  return g;
}

static void
check_elements (const Reader *self)
{
  RefCase c = open_case (self, "elements and table");
  const int order = eqk_group_get_order (self->group);
  const cJSON *elements = ref_get (&c, self->root, "elements"), *inverse = ref_get (&c, self->root, "inverse");
  const cJSON *table = ref_get (&c, self->root, "multiplication_table");

  ref_equal (&c, "n", ref_get (&c, self->root, "n"), eqk_group_get_n (self->group));
  ref_equal (&c, "order", ref_get (&c, self->root, "order"), order);
  ref_equal_text (&c, "kind", ref_get (&c, self->root, "kind"), eqk_group_has_mirror (self->group) ? "D" : "C");
  ref_length (&c, "elements", elements, order);
  ref_length (&c, "inverse", inverse, order);
  ref_length (&c, "table", table, order);
  for (int i = 0; i < order; i++)
    {
      const EqkElement g = eqk_group_element (self->group, i), back = eqk_group_inverse (self->group, &g);
      const EqkElement read = read_element (&c, self, ref_at (&c, elements, i));
      const cJSON *row = ref_at (&c, table, i);

      ref_check (&c, eqk_group_equal (self->group, &g, &read), "element %d is another", i);
      ref_equal (&c, "inverse", ref_at (&c, inverse, i), eqk_group_index_of (self->group, &back));
      ref_length (&c, "row of the table", row, order);
      for (int j = 0; j < order; j++)
        ref_equal (&c, "product", ref_at (&c, row, j), eqk_group_table (self->group)[i * order + j]);
    }
  ref_case_close (&c);
}

/**
 * The elements at which the file has matrices: generators of finite groups, samples of the others. At most 8.
 * @return how many
 */
static int
read_test_elements (RefCase *c, const Reader *self, EqkElement *out)
{
  const bool finite = eqk_group_is_finite (self->group);
  const cJSON *list = ref_get (c, self->root, finite ? "generators" : "sample_elements");
  const int n = cJSON_GetArraySize (list);
  EqkElement generators[4];

  if (!ref_check (c, cJSON_IsArray (list) && n <= 8, "no list of elements"))
    return 0;
  if (!finite)
    {
      for (int i = 0; i < n; i++)
        out[i] = read_element (c, self, ref_at (c, list, i));
      return n;
    }
  if (!ref_check (c, n == eqk_group_generators (self->group, generators) || eqk_group_get_order (self->group) == 1,
                  "%d generators", n))
    return 0;
  for (int i = 0; i < n; i++)
    {
      out[i] = eqk_group_element (self->group, ref_int (c, ref_at (c, list, i)) % eqk_group_get_order (self->group));
      if (eqk_group_get_order (self->group) > 1)
        ref_equal (c, "generator", ref_at (c, list, i), eqk_group_index_of (self->group, &generators[i]));
      else
        ref_equal (c, "generator", ref_at (c, list, i), 0);
    }
  return n;
}

static void
check_action (const Reader *self)
{
  RefCase c = open_case (self, "action on the plane");
  EqkElement elements[8];
  const int n = read_test_elements (&c, self, elements);
  const cJSON *list = ref_get (&c, self->root, eqk_group_is_finite (self->group) ? "action_on_R2_on_generators"
                                                                                 : "action_on_R2_on_samples");

  ref_length (&c, "matrices", list, n);
  for (int i = 0; i < n; i++)
    {
      double m[4];

      eqk_group_action (self->group, &elements[i], m);
      ref_near_all (&c, "matrix", ref_at (&c, list, i), m, 4, TOLERANCE);
    }
  ref_case_close (&c);
}

/* --- irreps --- */

static void
check_irrep (const Reader *self, const cJSON *entry)
{
  RefCase c = open_case (self, "irrep");
  const EqkField *irrep = escnn_irrep (&c, self->group, ref_get (&c, entry, "id"));
  const bool finite = eqk_group_is_finite (self->group);
  const cJSON *matrices = ref_get (&c, entry, finite ? "on_generators" : "on_samples");
  EqkElement elements[8];
  const int n = read_test_elements (&c, self, elements);
  char name[32];

  if (irrep != NULL)
    {
      const int d = eqk_field_get_dim (irrep), type = eqk_field_irrep_type (irrep);

      escnn_irrep_name (irrep, name, sizeof name);
      snprintf (c.name, sizeof c.name, "%s", name);
      ref_equal_text (&c, "name", ref_get (&c, entry, "name"), name);
      ref_equal (&c, "dim", ref_get (&c, entry, "dim"), d);
      ref_equal_text (&c, "type", ref_get (&c, entry, "type"), type == EQK_IRREP_COMPLEX ? "C" : "R");
      ref_equal (&c, "endomorphism_dim", ref_get (&c, entry, "endomorphism_dim"), type);
      ref_equal (&c, "frequency", ref_get (&c, entry, "frequency"), eqk_field_irrep_frequency (irrep));
      if (eqk_group_has_mirror (self->group))
        ref_equal (&c, "flip_frequency", ref_get (&c, entry, "flip_frequency"), eqk_field_irrep_j (irrep));
      ref_length (&c, "matrices", matrices, n);
      for (int i = 0; i < n; i++)
        {
          double m[4];

          eqk_field_matrix (irrep, &elements[i], m);
          ref_near_all (&c, "matrix", ref_at (&c, matrices, i), m, (size_t) (d * d), TOLERANCE);
        }
    }
  ref_case_close (&c);
}

static void
check_irreps (const Reader *self)
{
  RefCase c = open_case (self, "list of irreps");
  const cJSON *list = ref_get (&c, self->root, "irreps"), *entry;

  check_all_irreps (&c, list, "id", self->group);
  ref_case_close (&c);
  cJSON_ArrayForEach (entry, list)
    check_irrep (self, entry);
}

static void
check_characters (const Reader *self)
{
  RefCase c = open_case (self, "characters");
  const cJSON *table = ref_get (&c, self->root, "characters");
  const int n = eqk_group_n_irreps (self->group, eqk_group_get_order (self->group));

  ref_check (&c, cJSON_GetArraySize (table) == n, "%d rows", cJSON_GetArraySize (table));
  for (int i = 0; i < n; i++)
    {
      const EqkField *irrep = eqk_group_irrep (self->group, i);
      double expected[32];
      char key[32];

      if (eqk_group_has_mirror (self->group))
        snprintf (key, sizeof key, "[%d, %d]", eqk_field_irrep_j (irrep), eqk_field_irrep_frequency (irrep));
      else
        snprintf (key, sizeof key, "[%d]", eqk_field_irrep_frequency (irrep));
      for (int e = 0; e < eqk_group_get_order (self->group); e++)
        {
          const EqkElement g = eqk_group_element (self->group, e);

          expected[e] = eqk_field_character (irrep, &g);
        }
      ref_near_all (&c, key, ref_get (&c, table, key), expected, (size_t) eqk_group_get_order (self->group), TOLERANCE);
    }
  ref_case_close (&c);
}

/* --- regular and band-limited fields --- */

static void
check_irreps_in_order (RefCase *c, const cJSON *list, const EqkField *field)
{
  ref_length (c, "irreps in order", list, eqk_field_n_irreps (field));
  for (int i = 0; i < eqk_field_n_irreps (field); i++)
    escnn_same_irrep (c, "irreps in order", ref_at (c, list, i), eqk_field_irrep (field, i));
}

/** permutation[column] = row of the 1 in that column. */
static void
check_permutation (RefCase *c, const cJSON *permutation, const EqkField *field, const EqkElement *g)
{
  const int n = eqk_field_get_dim (field);
  double *m = malloc (sizeof *m * (size_t) n * (size_t) n);

  eqk_field_matrix (field, g, m);
  ref_length (c, "permutation", permutation, n);
  for (int column = 0; column < n; column++)
    {
      int row = 0;

      while (row < n && m[row * n + column] != 1)
        row++;
      ref_equal (c, "permutation", ref_at (c, permutation, column), row);
    }
  free (m);
}

static void
check_regular (const Reader *self)
{
  RefCase c = open_case (self, "regular");
  const EqkField *field = eqk_group_regular (self->group);
  const cJSON *regular = ref_get (&c, self->root, "regular");
  const cJSON *permutations = ref_get (&c, regular, "permutation_on_generators");
  const cJSON *basis = ref_get (&c, regular, "change_of_basis");
  EqkElement elements[8];
  const int n = read_test_elements (&c, self, elements), d = eqk_field_get_dim (field);
  const double one = 1;

  check_decomposition (&c, "decomposition", ref_get (&c, regular, "decomposition"), field);
  check_irreps_in_order (&c, ref_get (&c, regular, "irreps_in_order"), field);
  if (!cJSON_IsString (basis) || d < 12)   /* large ones are "omitted" */
    ref_near_all (&c, "change of basis", basis, eqk_field_basis (field) != NULL ? eqk_field_basis (field) : &one,
                  (size_t) (d * d), TOLERANCE);
  ref_length (&c, "permutations", permutations, n);
  for (int i = 0; i < n; i++)
    check_permutation (&c, ref_at (&c, permutations, i), field, &elements[i]);
  ref_case_close (&c);
}

static void
check_band_limited (const Reader *self)
{
  RefCase c = open_case (self, "band-limited regular field");
  const EqkField *field = eqk_field_band_limited (self->group, 3);
  const cJSON *entry = ref_get (&c, self->root, "bandlimited_regular_L3");

  ref_equal (&c, "dim", ref_get (&c, entry, "dim"), eqk_field_get_dim (field));
  check_irreps_in_order (&c, ref_get (&c, entry, "irreps_in_order"), field);
  ref_case_close (&c);
}

/* --- tensor products --- */

/** (a (x) b)(g) C = C psi(g) for every copy, at sampled element t. coeff: [rows, copies, d]. */
static void
check_intertwiner (RefCase *c, const EqkField *product, const EqkField *psi, const double *coeff, int copies, int t)
{
  const EqkGroup *group = eqk_field_get_group (psi);
  const EqkElement g = eqk_group_sample (group, 1, (uint64_t) t);
  const int rows = eqk_field_get_dim (product), d = eqk_field_get_dim (psi), columns = copies * d;
  double big[16], small[4];

  eqk_field_matrix (product, &g, big);
  eqk_field_matrix (psi, &g, small);
  for (int r = 0; r < rows; r++)
    for (int s = 0; s < copies; s++)
      for (int j = 0; j < d; j++)
        {
          double left = 0, right = 0;

          for (int k = 0; k < rows; k++)
            left += big[r * rows + k] * coeff[k * columns + s * d + j];
          for (int k = 0; k < d; k++)
            right += coeff[r * columns + s * d + k] * small[k * d + j];
          ref_near (c, "intertwining", left, right, 1e-8);
        }
}

/**
 * Clebsch-Gordan matrices [m, n, s, j] depend on a choice of basis, so their law is checked: orthonormal columns with
 * (a (x) b)(g) C = C psi(g) for every copy s.
 */
static void
check_clebsch_gordan (RefCase *c, const Reader *self, const cJSON *entry, const EqkField *a, const EqkField *b)
{
  const EqkField *psi = escnn_irrep (c, self->group, ref_get (c, entry, "irrep"));
  const cJSON *shape = ref_get (c, entry, "coeff_shape_m_n_s_j");
  const EqkField *product = eqk_field_product (a, b);
  const int da = eqk_field_get_dim (a), db = eqk_field_get_dim (b), rows = da * db;
  int copies, d, columns;
  double *coeff;

  if (psi == NULL || product == NULL)
    return;
  copies = eqk_field_multiplicity (product, psi);
  d = eqk_field_get_dim (psi);
  columns = copies * d;
  ref_equal (c, "shape", ref_at (c, shape, 0), da);
  ref_equal (c, "shape", ref_at (c, shape, 1), db);
  ref_equal (c, "shape", ref_at (c, shape, 2), copies);
  ref_equal (c, "shape", ref_at (c, shape, 3), d);
  coeff = ref_numbers (c, "coefficients", ref_get (c, entry, "coeff"), (size_t) (rows * columns));
  for (int p = 0; coeff != NULL && p < columns; p++)
    for (int q = 0; q < columns; q++)
      {
        double sum = 0;

        for (int r = 0; r < rows; r++)
          sum += coeff[r * columns + p] * coeff[r * columns + q];
        ref_near (c, "orthonormality", sum, p == q, 1e-8);
      }
  for (int t = 0; coeff != NULL && t < 4; t++)
    check_intertwiner (c, product, psi, coeff, copies, t);
  free (coeff);
}

static void
check_product (const Reader *self, const cJSON *entry, const EqkField *a, const EqkField *b)
{
  RefCase c = ref_case_open (self->file, "%s (x) %s", eqk_field_get_name (a), eqk_field_get_name (b));
  const cJSON *coefficients = cJSON_GetObjectItem (entry, "clebsch_gordan"), *one;
  const cJSON *decomposition = ref_get (&c, entry, "decomposition");

  escnn_same_irrep (&c, "a", ref_get (&c, entry, "a"), a);
  escnn_same_irrep (&c, "b", ref_get (&c, entry, "b"), b);
  check_decomposition (&c, "decomposition", decomposition, eqk_field_product (a, b));
  if (eqk_group_is_finite (self->group))
    ref_equal (&c, "dim_hom", ref_get (&c, entry, "dim_hom"), a == b ? (int) eqk_field_irrep_type (a) : 0);
  else
    ref_check (&c, coefficients != NULL, "no coefficients");
  if (cJSON_IsArray (coefficients))
    {
      ref_length (&c, "coefficients", coefficients, cJSON_GetArraySize (decomposition));
      cJSON_ArrayForEach (one, coefficients)
        check_clebsch_gordan (&c, self, one, a, b);
    }
  ref_case_close (&c);
}

/** All pairs a <= b of the irreps in the file's order; continuous groups up to the frequency that the file has. */
static void
check_products (const Reader *self)
{
  RefCase c = open_case (self, "list of tensor products");
  const cJSON *list = ref_get (&c, self->root, "tensor_products"), *entry = cJSON_GetArrayItem (list, 0);
  const int n_pairs = cJSON_GetArraySize (list);
  int n = 0;

  while (n * (n + 1) / 2 < n_pairs)
    n++;
  ref_check (&c, n > 0 && n * (n + 1) / 2 == n_pairs, "%d pairs", n_pairs);
  ref_check (&c, n <= eqk_group_n_irreps (self->group, 16), "%d irreps", n);
  if (eqk_group_is_finite (self->group))
    ref_check (&c, n == eqk_group_n_irreps (self->group, 16), "%d irreps", n);
  if (ref_case_close (&c))
    for (int i = 0; i < n; i++)
      for (int j = i; j < n; j++, entry = entry->next)
        check_product (self, entry, eqk_group_irrep (self->group, i), eqk_group_irrep (self->group, j));
}

/* --- subgroups --- */

/**
 * escnn calls a lone mirror C2 and numbers its irreps as those of C2: [0] and [1] are (0,0) and (1,0) here. Gives the same
 * list with our ids; the caller deletes it.
 */
static cJSON *
with_our_ids (const cJSON *list, const EqkGroup *sub)
{
  cJSON *copy = cJSON_Duplicate (list, true), *entry;
  const bool lone_mirror = eqk_group_has_mirror (sub) && eqk_group_get_n (sub) == 1;

  cJSON_ArrayForEach (entry, copy)
    {
      cJSON *id = cJSON_GetObjectItem (entry, "irrep");

      if (lone_mirror && cJSON_GetArraySize (id) == 1)
        cJSON_AddItemToArray (id, cJSON_CreateNumber (0));
    }
  return copy;
}

static void
subgroup_name (const EqkGroup *sub, char *text, size_t size)
{
  const int n = eqk_group_get_n (sub);

  if (n == 0)
    snprintf (text, size, "%s", eqk_group_has_mirror (sub) ? "O(2)" : "SO(2)");
  else if (eqk_group_has_mirror (sub) && n > 1)
    snprintf (text, size, "D%d", n);
  else
    snprintf (text, size, "C%d", eqk_group_get_order (sub));
}

static void
check_restrictions (RefCase *c, const Reader *self, const cJSON *list, const EqkGroup *sub)
{
  const cJSON *entry;

  check_all_irreps (c, list, "irrep", self->group);
  cJSON_ArrayForEach (entry, list)
    {
      const EqkField *irrep = escnn_irrep (c, self->group, ref_get (c, entry, "irrep"));
      cJSON *decomposition = with_our_ids (ref_get (c, entry, "restricts_to"), sub);

      if (irrep != NULL)
        check_decomposition (c, "restriction", decomposition, eqk_field_restrict (irrep, sub));
      cJSON_Delete (decomposition);
    }
}

static void
check_inductions (RefCase *c, const Reader *self, const cJSON *list, const EqkGroup *sub)
{
  cJSON *ours = with_our_ids (list, sub);
  const cJSON *entry;

  check_all_irreps (c, ours, "irrep", sub);
  cJSON_ArrayForEach (entry, ours)
    {
      const EqkField *irrep = escnn_irrep (c, sub, ref_get (c, entry, "irrep"));
      const EqkField *induced = irrep == NULL ? NULL : eqk_field_induce (irrep, self->group);

      if (!ref_check (c, induced != NULL, "no induced representation"))
        break;
      ref_equal (c, "dim", ref_get (c, entry, "dim"), eqk_field_get_dim (induced));
      check_decomposition (c, "induction", ref_get (c, entry, "decomposition"), induced);
    }
  cJSON_Delete (ours);
}

static void
check_embedding (RefCase *c, const Reader *self, const cJSON *list, const EqkGroup *sub)
{
  const int order = eqk_group_get_order (sub);

  ref_length (c, "embedding", list, order);
  for (int i = 0; i < order; i++)
    {
      const EqkElement h = eqk_group_element (sub, i);
      EqkElement g;

      if (ref_check (c, eqk_group_embed (self->group, sub, &h, &g), "element %d is not in the group", i))
        ref_equal (c, "embedding", ref_at (c, list, i), eqk_group_index_of (self->group, &g));
    }
}

static void
check_subgroup (const Reader *self, const cJSON *entry)
{
  RefCase c = open_case (self, "subgroup");
  const EqkGroup *sub = escnn_subgroup (&c, self->group, ref_get (&c, entry, "subgroup_id"));
  char name[16];

  if (sub != NULL)
    {
      snprintf (c.name, sizeof c.name, "subgroup %s", eqk_group_get_id (sub));
      subgroup_name (sub, name, sizeof name);
      ref_equal_text (&c, "name", ref_get (&c, entry, "subgroup"), name);
      check_restrictions (&c, self, ref_get (&c, entry, "restricted_irreps"), sub);
      if (eqk_group_is_finite (self->group))
        {
          const EqkField *quotient = eqk_field_quotient (self->group, sub);
          const cJSON *coset = ref_get (&c, entry, "quotient_representation");

          ref_equal (&c, "order", ref_get (&c, entry, "order"), eqk_group_get_order (sub));
          check_embedding (&c, self, ref_get (&c, entry, "embedding"), sub);
          ref_equal (&c, "dim", ref_get (&c, coset, "dim"), eqk_field_get_dim (quotient));
          check_decomposition (&c, "quotient", ref_get (&c, coset, "decomposition"), quotient);
          check_inductions (&c, self, ref_get (&c, entry, "induced_irreps"), sub);
        }
    }
  ref_case_close (&c);
}

static void
check_subgroups (const Reader *self)
{
  RefCase c = open_case (self, "list of subgroups");
  const cJSON *list = ref_get (&c, self->root, "subgroups"), *entry, *other;

  ref_check (&c, cJSON_GetArraySize (list) > 0, "empty");
  cJSON_ArrayForEach (entry, list)
    for (other = list->child; other != entry && other != NULL; other = other->next)
      ref_check (&c, !cJSON_Compare (cJSON_GetObjectItem (entry, "subgroup_id"), cJSON_GetObjectItem (other, "subgroup_id"),
                                     true), "a subgroup twice");
  ref_case_close (&c);
  cJSON_ArrayForEach (entry, list)
    check_subgroup (self, entry);
}

static void
check_induced_from_so2 (const Reader *self)
{
  RefCase c = open_case (self, "induction from SO(2)");

  check_inductions (&c, self, ref_get (&c, self->root, "induced_from_SO2"), eqk_group_get ("SO2"));
  ref_case_close (&c);
}

void
ref_run_group (RefFile *file)
{
  RefCase c = ref_case_open (file, "group");
  const Reader self = { file, file->root, escnn_group (&c, ref_get (&c, file->root, "group")) };

  if (self.group != NULL && !eqk_group_is_finite (self.group))
    ref_equal_text (&c, "kind", ref_get (&c, file->root, "kind"), eqk_group_has_mirror (self.group) ? "O2" : "SO2");
  if (!ref_case_close (&c))
    return;
  check_action (&self);
  check_irreps (&self);
  check_products (&self);
  check_subgroups (&self);
  if (eqk_group_is_finite (self.group))
    {
      check_elements (&self);
      check_characters (&self);
      check_regular (&self);
      return;
    }
  check_band_limited (&self);
  if (eqk_group_has_mirror (self.group))
    check_induced_from_so2 (&self);
}
