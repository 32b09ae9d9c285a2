/* r2conv_param_counts.json: weights and biases of whole steerable layers, with their rings and band limits. */

#include "escnn.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/** escnn's "frequencies_cutoff": -1, -2, -3 are policies, a positive number is the factor of the radius. */
static void
read_cutoff (RefCase *c, double cutoff, EqkKernelSpec *spec)
{
  ref_check (c, cutoff > 0 || cutoff == -1 || cutoff == -2 || cutoff == -3, "frequencies_cutoff is %g", cutoff);
  if (cutoff > 0)
    spec->frequency_factor = cutoff;
  else
    spec->policy = (int) -cutoff;
}

/** Explicit rings and widths are accepted where they are the default ones. */
static void
check_explicit (RefCase *c, const cJSON *list, const EqkKernelSpec *spec, bool radii)
{
  EqkKernelRing rings[EQK_MAX_RINGS];
  const int n = eqk_kernel_rings (spec, rings);

  ref_length (c, "rings", list, n);
  for (int i = 0; i < n; i++)
    ref_near (c, "ring", ref_number (c, ref_at (c, list, i)), radii ? rings[i].radius : rings[i].sigma, 1e-9);
}

static void
read_options (RefCase *c, const cJSON *options, EqkKernelSpec *spec, int *groups, bool *bias)
{
  const cJSON *option;

  cJSON_ArrayForEach (option, options)
    {
      if (strcmp (option->string, "frequencies_cutoff") == 0)
        read_cutoff (c, ref_number (c, option), spec);
      else if (strcmp (option->string, "sigma") == 0 && cJSON_IsNumber (option))
        spec->sigma = ref_number (c, option);
      else if (strcmp (option->string, "sigma") == 0)
        check_explicit (c, option, spec, false);
      else if (strcmp (option->string, "rings") == 0)
        check_explicit (c, option, spec, true);
      else if (strcmp (option->string, "dilation") == 0)
        spec->dilation = ref_int (c, option);
      else if (strcmp (option->string, "groups") == 0)
        *groups = ref_int (c, option);
      else if (strcmp (option->string, "bias") == 0)
        *bias = cJSON_IsTrue (option);
      else
        ref_check (c, false, "unknown option \"%s\"", option->string);
    }
}

/** A representation with each multiplicity divided among the groups of a grouped convolution. */
static const EqkRep *
part_of (RefCase *c, const EqkRep *rep, int groups)
{
  EqkRepRun runs[16];
  const int n = eqk_rep_n_runs (rep);

  if (!ref_check (c, groups >= 1 && n <= 16, "%d groups", groups))
    return rep;
  for (int i = 0; i < n; i++)
    {
      runs[i] = eqk_rep_run (rep, i);
      ref_check (c, runs[i].mul % groups == 0, "%d fields in %d groups", runs[i].mul, groups);
      runs[i].mul /= groups;
    }
  return eqk_rep_from_runs (eqk_rep_get_group (rep), runs, n);
}

static void
check_rings (RefCase *c, const cJSON *entry, const EqkKernelSpec *spec)
{
  EqkKernelRing rings[EQK_MAX_RINGS];
  const int n = eqk_kernel_rings (spec, rings);
  const cJSON *radii = ref_get (c, entry, "rings"), *sigma = ref_get (c, entry, "sigma");
  int highest = 0;

  ref_length (c, "rings", radii, n);
  ref_length (c, "sigma", sigma, n);
  for (int i = 0; i < n; i++)
    {
      ref_near (c, "ring", ref_number (c, ref_at (c, radii, i)), rings[i].radius, 1e-7);
      ref_near (c, "sigma", ref_number (c, ref_at (c, sigma, i)), rings[i].sigma, 1e-7);
      if (rings[i].max_frequency > highest)
        highest = rings[i].max_frequency;
    }
  ref_equal (c, "maximum_frequency", ref_get (c, entry, "maximum_frequency"), highest);
}

/** {"in", "out", "n"} of one pair of field types; types that nothing connects are left out. */
static void
check_pairs (RefCase *c, const cJSON *entry, const EqkRep *in, const EqkRep *out, const EqkKernelSpec *spec)
{
  const cJSON *pairs = ref_get (c, entry, "per_field_pair"), *pair;
  const cJSON *ins = ref_get (c, entry, "in"), *outs = ref_get (c, entry, "out");
  int n_pairs = 0;

  cJSON_ArrayForEach (pair, pairs)
    {
      bool found = false;

      for (int i = 0; i < eqk_rep_n_runs (in) && !found; i++)
        for (int o = 0; o < eqk_rep_n_runs (out) && !found; o++)
          {
            RefCase attempt = { .file = c->file };
            const EqkField *a = eqk_rep_run (in, i).field, *b = eqk_rep_run (out, o).field;

            found = escnn_same_field_name (&attempt, ref_get (c, pair, "in"), a,
                                           cJSON_GetArrayItem (cJSON_GetArrayItem (ins, i), 0))
                    && escnn_same_field_name (&attempt, ref_get (c, pair, "out"), b,
                                              cJSON_GetArrayItem (cJSON_GetArrayItem (outs, o), 0));
            if (found)
              ref_equal (c, "per field pair", ref_get (c, pair, "n"), eqk_kernel_basis (a, b, spec)->n);
          }
      ref_check (c, found, "a pair of unknown fields");
      n_pairs++;
    }
  for (int i = 0; i < eqk_rep_n_runs (in); i++)
    for (int o = 0; o < eqk_rep_n_runs (out); o++)
      n_pairs -= eqk_kernel_basis (eqk_rep_run (in, i).field, eqk_rep_run (out, o).field, spec)->n > 0;
  ref_check (c, n_pairs == 0, "pairs are missing");
}

static void
check_layer (RefCase *c, const cJSON *entry, const EqkRep *in, const EqkRep *out)
{
  EqkKernelSpec spec = { .size = ref_int (c, ref_get (c, entry, "kernel_size")) };
  int groups = 1, weights, n_bias;
  bool bias = true;

  read_options (c, ref_get (c, entry, "options"), &spec, &groups, &bias);
  in = part_of (c, in, groups);
  out = part_of (c, out, groups);
  weights = (int) eqk_kernel_count (in, out, &spec) * groups;
  n_bias = bias ? eqk_rep_n_trivial (out) * groups : 0;
  ref_equal (c, "in_channels", ref_get (c, entry, "in_channels"), eqk_rep_get_dim (in) * groups);
  ref_equal (c, "out_channels", ref_get (c, entry, "out_channels"), eqk_rep_get_dim (out) * groups);
  if (weights == 0)
    {
      ref_equal_text (c, "error", ref_get (c, entry, "error"), "empty basis");
      return;
    }
  ref_equal (c, "weights", ref_get (c, entry, "weights"), weights);
  ref_equal (c, "basis_elements", ref_get (c, entry, "basis_elements"), weights);
  ref_equal (c, "bias", ref_get (c, entry, "bias"), n_bias);
  ref_equal (c, "trainable", ref_get (c, entry, "trainable"), weights + n_bias);
  check_rings (c, entry, &spec);
  check_pairs (c, entry, in, out, &spec);
}

void
ref_run_param_counts (RefFile *file)
{
  const cJSON *entry;

  cJSON_ArrayForEach (entry, cJSON_GetObjectItem (file->root, "cases"))
    {
      RefCase c = ref_case_open (file, "case %d", file->n_cases);
      const EqkGroup *group = escnn_group (&c, ref_get (&c, entry, "group"));
      const EqkRep *in = group == NULL ? NULL : escnn_rep (&c, group, ref_get (&c, entry, "in"));
      const EqkRep *out = group == NULL ? NULL : escnn_rep (&c, group, ref_get (&c, entry, "out"));

      if (in != NULL && out != NULL)
        check_layer (&c, entry, in, out);
      ref_case_close (&c);
    }
}
