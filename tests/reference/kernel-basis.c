/*
 * kernel_basis_continuous_dims.json and kernel_basis_sampled_*.json: how many solutions a ring has, and the spans of the
 * sampled ones. Order and signs within a basis are free, so each element of a file is looked for in the span of ours with
 * the same ring, frequency and irreps, and both have the same number of independent elements.
 */

#include "escnn.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- dimensions on one ring --- */

static void
check_row (RefFile *file, const cJSON *row, int index)
{
  RefCase c = ref_case_open (file, "row %d", index);
  const EqkGroup *group = escnn_group (&c, ref_get (&c, row, "group"));
  const cJSON *list = ref_get (&c, row, "frequencies");
  int frequencies[64], n;

  if (group != NULL)
    {
      const EqkField *in = escnn_irrep (&c, group, ref_get (&c, row, "in"));
      const EqkField *out = escnn_irrep (&c, group, ref_get (&c, row, "out"));

      if (in != NULL && out != NULL)
        {
          n = eqk_kernel_n_angular (in, out, ref_int (&c, ref_get (&c, row, "max_freq")), frequencies, 64);
          ref_equal (&c, "dim_per_ring", ref_get (&c, row, "dim_per_ring"), n);
          ref_length (&c, "frequencies", list, n);
          for (int i = 0; i < n && i < 64; i++)
            ref_equal (&c, "frequency", ref_at (&c, list, i), frequencies[i]);
        }
    }
  ref_case_close (&c);
}

/** The rows have to be different, ordered triples: a changed id or limit would often give the same count. */
static void
check_grid_of_rows (RefFile *file, const cJSON *rows)
{
  RefCase c = ref_case_open (file, "rows");
  const cJSON *row, *previous = NULL;

  cJSON_ArrayForEach (row, rows)
    {
      const cJSON *keys[] = { cJSON_GetObjectItem (row, "group"), cJSON_GetObjectItem (row, "in"),
                              cJSON_GetObjectItem (row, "out") };
      const bool same = previous != NULL && cJSON_Compare (keys[0], cJSON_GetObjectItem (previous, "group"), true)
                        && cJSON_Compare (keys[1], cJSON_GetObjectItem (previous, "in"), true)
                        && cJSON_Compare (keys[2], cJSON_GetObjectItem (previous, "out"), true);

      if (same)
        ref_check (&c, ref_number (&c, ref_get (&c, row, "max_freq"))
                       > ref_number (&c, ref_get (&c, previous, "max_freq")), "limits are not ascending");
      previous = row;
    }
  ref_case_close (&c);
}

/** Rows of one group are a full grid: every (in, out) has the same limits, every in all outs. */
static void
check_limits (RefFile *file, const cJSON *rows)
{
  RefCase c = ref_case_open (file, "grid of rows");
  const cJSON *row, *other;

  cJSON_ArrayForEach (row, rows)
    {
      int same_pair = 0, same_in = 0, same_out = 0, same_limit = 0, all = 0;

      cJSON_ArrayForEach (other, rows)
        {
          const bool group = cJSON_Compare (cJSON_GetObjectItem (row, "group"), cJSON_GetObjectItem (other, "group"), true);
          const bool in = cJSON_Compare (cJSON_GetObjectItem (row, "in"), cJSON_GetObjectItem (other, "in"), true);
          const bool out = cJSON_Compare (cJSON_GetObjectItem (row, "out"), cJSON_GetObjectItem (other, "out"), true);
          const bool limit = cJSON_Compare (cJSON_GetObjectItem (row, "max_freq"), cJSON_GetObjectItem (other, "max_freq"),
                                            true);

          all += group;
          same_in += group && in;
          same_out += group && out;
          same_limit += group && limit;
          same_pair += group && in && out;
        }
      ref_check (&c, same_in == same_out && same_in * same_in == all * same_pair && same_limit * same_pair == all,
                 "%s: the rows are no full grid", cJSON_GetStringValue (ref_get (&c, row, "group")));
    }
  ref_case_close (&c);
}

void
ref_run_continuous_dims (RefFile *file)
{
  const cJSON *rows = cJSON_GetObjectItem (file->root, "rows"), *row;
  int index = 0;

  cJSON_ArrayForEach (row, rows)
    check_row (file, row, index++);
  if (index == 0)
    return;
  check_grid_of_rows (file, rows);
  check_limits (file, rows);
}

/* --- sampled bases --- */

typedef struct
{
  const EqkField       *in, *out;
  const EqkKernelBasis *basis;
  EqkKernelRing         rings[EQK_MAX_RINGS];
  int                   n_rings;
  size_t                size;      /**< numbers in an element */
} Sampled;

/** Rows of our basis with these labels, packed. @return how many */
static size_t
pick (const Sampled *self, int ring, int frequency, const EqkField *in, const EqkField *out, double *rows)
{
  size_t n = 0;

  for (int e = 0; e < self->basis->n; e++)
    if (self->basis->ring[e] == ring && self->basis->frequency[e] == frequency
        && eqk_field_irrep (self->in, self->basis->irrep_in[e]) == in
        && eqk_field_irrep (self->out, self->basis->irrep_out[e]) == out)
      memcpy (rows + self->size * n++, self->basis->table + self->size * (size_t) e, self->size * sizeof *rows);
  return n;
}

/** Are two elements of the file of one kind: same ring, frequency and irreps? */
static bool
alike (const cJSON *a, const cJSON *b)
{
  static const char *const keys[] = { "radial_idx", "irrep:frequency", "in_irrep", "out_irrep" };

  for (int i = 0; i < 4; i++)
    if (!cJSON_Compare (cJSON_GetObjectItem (a, keys[i]), cJSON_GetObjectItem (b, keys[i]), true))
      return false;
  return true;
}

/**
 * Labels of escnn's own construction: j is the harmonic, s and k count its solutions. Their sums over elements of one kind
 * are fixed: without mirrors, pairs of solutions differ in s at frequency 0 and in k above, four in s.
 */
static void
check_labels (RefCase *c, const Sampled *self, const cJSON *list, const cJSON *attributes)
{
  const int frequency = ref_int (c, ref_get (c, attributes, "irrep:frequency"));
  const bool mirror = eqk_group_has_mirror (eqk_field_get_group (self->in));
  const EqkField *in = escnn_irrep (c, eqk_field_get_group (self->in), ref_get (c, attributes, "in_irrep"));
  const EqkField *out = escnn_irrep (c, eqk_field_get_group (self->in), ref_get (c, attributes, "out_irrep"));
  const cJSON *j = ref_get (c, attributes, "j"), *other;
  bool two_dimensional;
  int n = 0, s = 0, k = 0;

  ref_length (c, "j", j, 2);
  ref_equal (c, "j", ref_at (c, j, 0), frequency > 0);
  ref_equal (c, "j", ref_at (c, j, 1), frequency);
  cJSON_ArrayForEach (other, list)
    if (alike (attributes, other))
      {
        n++;
        s += ref_int (c, ref_get (c, other, "s"));
        k += ref_int (c, ref_get (c, other, "k"));
      }
  if (in == NULL || out == NULL)
    return;
  ref_check (c, s == (mirror || n == 1 ? 0 : n == 4 ? 2 : frequency == 0), "s adds up to %d of %d", s, n);
  two_dimensional = eqk_field_get_dim (in) + eqk_field_get_dim (out) > 2;
  ref_check (c, k == (!mirror && n == 2 && frequency > 0 && two_dimensional), "k adds up to %d of %d", k, n);
}

static void
check_element (RefCase *c, const Sampled *self, const cJSON *attributes, const double *element, double *rows)
{
  const EqkGroup *group = eqk_field_get_group (self->in);
  const int ring = ref_int (c, ref_get (c, attributes, "radial_idx"));
  const int frequency = ref_int (c, ref_get (c, attributes, "irrep:frequency"));
  const EqkField *in = escnn_irrep (c, group, ref_get (c, attributes, "in_irrep"));
  const EqkField *out = escnn_irrep (c, group, ref_get (c, attributes, "out_irrep"));
  double norm = 0, distance;
  size_t n;

  if (!ref_check (c, ring >= 0 && ring < self->n_rings && in != NULL && out != NULL, "ring %d", ring))
    return;
  ref_near (c, "radius", ref_number (c, ref_get (c, attributes, "radius")), self->rings[ring].radius, 1e-7);
  ref_near (c, "sigma", ref_number (c, ref_get (c, attributes, "sigma")), self->rings[ring].sigma, 1e-7);
  n = pick (self, ring, frequency, in, out, rows);
  distance = escnn_span_distance (element, 1, rows, n, self->size);
  ref_near (c, "distance from the span", distance, 0, 2e-6);
  for (size_t i = 0; i < self->size; i++)
    norm += element[i] * element[i];
  ref_near (c, "squared norm", norm, eqk_field_get_dim (out), 1e-5);
}

static void
check_sampled (RefCase *c, const cJSON *entry, Sampled *self)
{
  const cJSON *shape = ref_get (c, entry, "sampled_basis_shape"), *attributes = ref_get (c, entry, "attributes");
  const EqkKernelBasis *basis = self->basis;
  const int dims[] = { basis->n, basis->d_out, basis->d_in, basis->size, basis->size };
  double *elements, *rows;

  ref_length (c, "shape", shape, 5);
  for (int i = 0; i < 5; i++)
    ref_equal (c, "shape", ref_at (c, shape, i), dims[i]);
  ref_length (c, "attributes", attributes, basis->n);
  elements = ref_numbers (c, "basis", ref_get (c, entry, "sampled_basis"), self->size * (size_t) basis->n);
  if (elements == NULL)
    return;
  rows = malloc (sizeof *rows * (self->size * (size_t) basis->n + 1));
  for (int e = 0; e < basis->n; e++)
    {
      check_labels (c, self, attributes, ref_at (c, attributes, e));
      check_element (c, self, ref_at (c, attributes, e), elements + self->size * (size_t) e, rows);
    }
  ref_check (c, escnn_rank (elements, (size_t) basis->n, self->size) == basis->n, "the elements are dependent");
  free (rows);
  free (elements);
}

void
ref_run_sampled_basis (RefFile *file)
{
  const cJSON *entry;

  cJSON_ArrayForEach (entry, file->root)
    {
      RefCase c = ref_case_open (file, "basis %d", file->n_cases);
      const EqkGroup *group = escnn_group (&c, ref_get (&c, entry, "group"));
      const EqkRep *in = group == NULL ? NULL : escnn_rep (&c, group, ref_get (&c, entry, "in"));
      const EqkRep *out = group == NULL ? NULL : escnn_rep (&c, group, ref_get (&c, entry, "out"));
      const EqkKernelSpec spec = { .size = ref_int (&c, ref_get (&c, entry, "kernel_size")) };

      if (in != NULL && out != NULL
          && ref_check (&c, eqk_rep_n_fields (in) == 1 && eqk_rep_n_fields (out) == 1, "more than one field"))
        {
          Sampled self = { .in = eqk_rep_field (in, 0, NULL), .out = eqk_rep_field (out, 0, NULL) };

          self.basis = eqk_kernel_basis (self.in, self.out, &spec);
          self.n_rings = eqk_kernel_rings (&spec, self.rings);
          if (ref_check (&c, self.basis != NULL, "no basis"))
            {
              self.size = (size_t) (self.basis->d_in * self.basis->d_out * spec.size * spec.size);
              check_sampled (&c, entry, &self);
            }
        }
      ref_case_close (&c);
    }
}
