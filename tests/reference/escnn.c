/* Reading of escnn's names, and comparison of spans by Gram-Schmidt. */

#include "escnn.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const EqkGroup *
escnn_group (RefCase *self, const cJSON *name)
{
  const char *text = cJSON_GetStringValue (name);
  char id[40];
  const EqkGroup *group;

  if (!ref_check (self, text != NULL && strlen (text) < 16, "no name of a group"))
    return NULL;
  if (strcmp (text, "SO(2)") == 0)
    text = "SO2";
  if (strcmp (text, "O(2)") == 0)
    text = "O2";
  snprintf (id, sizeof id, "%s@axis=90", text);
  group = eqk_group_get (id);
  if (group == NULL)
    group = eqk_group_get (text);
  ref_check (self, group != NULL, "no group \"%s\"", text);
  return group;
}

/** How many numbers an irrep id has, and the numbers. */
static int
irrep_numbers (const EqkField *irrep, int numbers[2])
{
  if (!eqk_group_has_mirror (eqk_field_get_group (irrep)))
    {
      numbers[0] = eqk_field_irrep_frequency (irrep);
      return 1;
    }
  numbers[0] = eqk_field_irrep_j (irrep);
  numbers[1] = eqk_field_irrep_frequency (irrep);
  return 2;
}

const EqkField *
escnn_irrep (RefCase *self, const EqkGroup *group, const cJSON *id)
{
  const bool mirror = eqk_group_has_mirror (group);
  const EqkField *irrep;
  int j = 0, k;

  if (!ref_length (self, "irrep id", id, mirror ? 2 : 1))
    return NULL;
  if (mirror)
    j = ref_int (self, ref_at (self, id, 0));
  k = ref_int (self, ref_at (self, id, mirror ? 1 : 0));
  irrep = eqk_group_irrep_by_id (group, j, k);
  ref_check (self, irrep != NULL, "%s has no irrep (%d,%d)", eqk_group_get_id (group), j, k);
  return irrep;
}

void
escnn_irrep_name (const EqkField *irrep, char *text, size_t size)
{
  int numbers[2];

  if (irrep_numbers (irrep, numbers) == 1)
    snprintf (text, size, "irrep_%d", numbers[0]);
  else
    snprintf (text, size, "irrep_%d,%d", numbers[0], numbers[1]);
}

bool
escnn_same_irrep (RefCase *self, const char *what, const cJSON *id, const EqkField *irrep)
{
  const EqkField *found = escnn_irrep (self, eqk_field_get_group (irrep), id);

  return ref_check (self, found == irrep, "%s: file has %s, libeqk %s", what,
                    found != NULL ? eqk_field_get_name (found) : "none", eqk_field_get_name (irrep));
}

/** The mirror of [f, m] is R^f S (D_n: f steps; O(2): f radians): a mirror about the line at 90 degrees plus half that. */
static const EqkGroup *
mirror_subgroup (RefCase *self, const EqkGroup *group, double f, int m)
{
  const int n = eqk_group_get_n (group);
  const double axis = fmod (90 + (n > 0 ? f * 180 / n : f * 90 / acos (0)), 180);
  const int64_t pico = llround (axis * 1e12);
  char id[64];

  /* Nothing else in a file depends on the axis of a subgroup of O(2): at least it is one of those that were asked for. */
  ref_check (self, n > 0 ? f == floor (f) && f >= 0 && f < n : fabs (axis - round (axis)) < 1e-6, "odd mirror %g", f);
  if (m < 0)
    snprintf (id, sizeof id, "O2@axis=90");
  else
    snprintf (id, sizeof id, "D%d@axis=%lld.%012lld", m, (long long) (pico / 1000000000000),
              (long long) (pico % 1000000000000));
  return eqk_group_get (id);
}

const EqkGroup *
escnn_subgroup (RefCase *self, const EqkGroup *group, const cJSON *id)
{
  const cJSON *mirror = cJSON_IsArray (id) ? ref_at (self, id, 0) : NULL;
  const int m = ref_int (self, cJSON_IsArray (id) ? ref_at (self, id, 1) : id);
  const EqkGroup *sub;
  char name[16];

  if (cJSON_IsNumber (mirror))
    sub = mirror_subgroup (self, group, cJSON_GetNumberValue (mirror), m);
  else
    {
      snprintf (name, sizeof name, m < 0 ? "SO2" : "C%d", m);
      sub = eqk_group_get (name);
    }
  if (!ref_check (self, sub != NULL && eqk_group_contains (group, sub), "no such subgroup"))
    return NULL;
  return sub;
}

const EqkField *
escnn_field (RefCase *self, const EqkGroup *group, const cJSON *description)
{
  const char *kind = cJSON_GetStringValue (cJSON_IsArray (description) ? ref_at (self, description, 0) : description);
  const EqkField *field = NULL;

  if (kind == NULL)
    ref_check (self, false, "no description of a field");
  else if (strcmp (kind, "trivial") == 0)
    field = eqk_group_trivial (group);
  else if (strcmp (kind, "regular") == 0)
    field = eqk_group_regular (group);
  else if (strcmp (kind, "irrep") == 0)
    field = escnn_irrep (self, group, ref_at (self, description, 1));
  else if (strcmp (kind, "bl_regular") == 0)
    field = eqk_field_band_limited (group, ref_int (self, ref_at (self, description, 1)));
  else if (strcmp (kind, "quotient") == 0)
    {
      const EqkGroup *sub = escnn_subgroup (self, group, ref_at (self, description, 1));

      field = sub == NULL ? NULL : eqk_field_quotient (group, sub);
    }
  ref_check (self, field != NULL, "no such field");
  return field;
}

const EqkRep *
escnn_rep (RefCase *self, const EqkGroup *group, const cJSON *list)
{
  EqkRepRun runs[16];
  const int n = cJSON_GetArraySize (list);
  const EqkRep *rep;

  if (!ref_check (self, n >= 1 && n <= 16, "no list of fields"))
    return NULL;
  for (int i = 0; i < n; i++)
    {
      const cJSON *entry = ref_at (self, list, i);

      runs[i].field = escnn_field (self, group, ref_at (self, entry, 0));
      runs[i].mul = ref_int (self, ref_at (self, entry, 1));
      if (runs[i].field == NULL)
        return NULL;
    }
  rep = eqk_rep_from_runs (group, runs, n);
  ref_check (self, rep != NULL, "no such representation");
  return rep;
}

/** Python's way to write a subgroup id: "2" or "(0, 1)". */
static void
subgroup_text (const cJSON *id, char *text, size_t size)
{
  const cJSON *first = cJSON_GetArrayItem (id, 0), *second = cJSON_GetArrayItem (id, 1);

  if (cJSON_IsNumber (id))
    snprintf (text, size, "%d", id->valueint);
  else if (cJSON_IsNumber (first))
    snprintf (text, size, "(%d, %d)", first->valueint, second != NULL ? second->valueint : 0);
  else
    snprintf (text, size, "(None, %d)", second != NULL ? second->valueint : 0);
}

/** "regular_[(0,)|(1,)|...]": all irreps of a band-limited field, each once. */
static void
band_limited_text (const EqkField *field, char *text, size_t size)
{
  size_t used = (size_t) snprintf (text, size, "regular_[");
  const EqkField *last = NULL;

  for (int i = 0; i < eqk_field_n_irreps (field) && used < size; i++)
    {
      const EqkField *irrep = eqk_field_irrep (field, i);
      int numbers[2];

      if (irrep == last)
        continue;
      used += (size_t) snprintf (text + used, size - used, "%s", last != NULL ? "|" : "");
      if (irrep_numbers (irrep, numbers) == 1)
        used += (size_t) snprintf (text + used, size - used, "(%d,)", numbers[0]);
      else
        used += (size_t) snprintf (text + used, size - used, "(%d, %d)", numbers[0], numbers[1]);
      last = irrep;
    }
  if (used < size)
    snprintf (text + used, size - used, "]");
}

bool
escnn_same_field_name (RefCase *self, const cJSON *name, const EqkField *field, const cJSON *description)
{
  const char *kind = cJSON_GetStringValue (cJSON_IsArray (description) ? cJSON_GetArrayItem (description, 0) : description);
  char expected[160] = "regular", sub[40];

  if (eqk_field_is_irrep (field))
    escnn_irrep_name (field, expected, sizeof expected);
  else if (kind != NULL && strcmp (kind, "bl_regular") == 0)
    band_limited_text (field, expected, sizeof expected);
  else if (kind != NULL && strcmp (kind, "quotient") == 0)
    {
      subgroup_text (cJSON_GetArrayItem (description, 1), sub, sizeof sub);
      snprintf (expected, sizeof expected, "quotient[%s]", sub);
    }
  return ref_equal_text (self, "field", name, expected);
}

/* --- spans --- */

static double
dot (const double *a, const double *b, size_t n)
{
  double sum = 0;

  for (size_t i = 0; i < n; i++)
    sum += a[i] * b[i];
  return sum;
}

static void
reject (double *x, const double *basis, size_t n_basis, size_t size)
{
  for (int pass = 0; pass < 2; pass++)
    for (size_t i = 0; i < n_basis; i++)
      {
        const double along = dot (x, basis + i * size, size);

        for (size_t k = 0; k < size; k++)
          x[k] -= along * basis[i * size + k];
      }
}

/** Orthonormal rows that span the same; rows shorter than tolerance after rejection are dropped. @return their number */
static size_t
orthonormalise (double *rows, size_t n, size_t size, double tolerance)
{
  size_t kept = 0;

  for (size_t i = 0; i < n; i++)
    {
      double length;

      reject (rows + i * size, rows, kept, size);
      length = sqrt (dot (rows + i * size, rows + i * size, size));
      if (length <= tolerance)
        continue;
      for (size_t k = 0; k < size; k++)
        rows[kept * size + k] = rows[i * size + k] / length;
      kept++;
    }
  return kept;
}

static double *
duplicate (const double *x, size_t n)
{
  double *copy = malloc ((n + 1) * sizeof *copy);

  if (n > 0)
    memcpy (copy, x, n * sizeof *copy);
  return copy;
}

double
escnn_span_distance (const double *vectors, size_t n, const double *basis, size_t m, size_t size)
{
  double *rows = duplicate (basis, m * size), *x = malloc (size * sizeof *x), worst = 0;
  const size_t rank = orthonormalise (rows, m, size, 1e-9);

  for (size_t i = 0; i < n; i++)
    {
      double length, distance;

      memcpy (x, vectors + i * size, size * sizeof *x);
      length = sqrt (dot (x, x, size));
      reject (x, rows, rank, size);
      distance = sqrt (dot (x, x, size)) / (1 + length);
      if (!(distance <= worst))
        worst = distance;
    }
  free (rows);
  free (x);
  return worst;
}

int
escnn_rank (const double *vectors, size_t n, size_t size)
{
  double *rows = duplicate (vectors, n * size), longest = 0;
  size_t rank;

  for (size_t i = 0; i < n; i++)
    longest = fmax (longest, sqrt (dot (rows + i * size, rows + i * size, size)));
  rank = orthonormalise (rows, n, size, 1e-4 * longest);
  free (rows);
  return (int) rank;
}
