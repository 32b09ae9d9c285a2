/*
 * eqk-reference FOLDER: runs every case of every reference file (*.json) in a folder against libeqk. Prints how many cases
 * each file held and each case that failed with its worst deviation; the last line is "N passed, N failed", and the status
 * is non-zero when anything failed. A file of an unknown family, of one that is not built yet, or without a case counts as
 * a failure.
 */

#include "reference.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct
{
  const char *prefix;   /**< of the file name; the longest that fits wins */
  RefRun      run;      /**< NULL: not built yet */
} Family;

static const Family families[] = {
  { "group_", ref_run_group },
  { "kernel_basis_continuous_dims", ref_run_continuous_dims },
  { "kernel_basis_sampled_", ref_run_sampled_basis },
  { "r2conv_param_counts", ref_run_param_counts },
  { "r2conv_", ref_run_r2conv },
  { "layers_", ref_run_layers },
  { "equivariance_errors", NULL },
  { "sets", ref_run_sets },
  { "graphs", ref_run_graphs },
  { "sphere_", NULL },
  { "so3_wigner", NULL },
  /* e3nn */
  { "activation_constants", ref_run_activation_constants },
  { "angular", ref_run_angular },
  { "batch_norm", ref_run_batch_norm },
  { "fully_connected_net", ref_run_fully_connected_net },
  { "gate", ref_run_gate },
  { "irreps", ref_run_irreps },
  { "linear", ref_run_linear },
  { "network_", NULL },
  { "network_outputs", ref_run_network_outputs },
  { "network_weights", ref_run_network_weights },
  { "network_loss_grads", ref_run_network_loss_grads },
  { "network_adam", ref_run_network_adam },
  { "norm", ref_run_norm },
  { "radial", ref_run_radial },
  { "reduced_tensor_products", ref_run_reduced },
  { "s2", ref_run_s2 },
  { "so3_generators", ref_run_so3_generators },
  { "spherical_harmonics", ref_run_harmonics },
  { "spherical_harmonics_grad", ref_run_harmonics_grad },
  { "tensor_product_", ref_run_tensor_products },
  { "tetris_polynomial", ref_run_tetris },
  { "wigner_", NULL },
  { "wigner_3j", ref_run_wigner_3j },
  { "wigner_D", ref_run_wigner_D },
  { "wigner_D_matrix", ref_run_wigner_D_matrix },
};

static const Family *
find_family (const char *name)
{
  const Family *best = NULL;

  for (size_t i = 0; i < sizeof families / sizeof families[0]; i++)
    if (strncmp (name, families[i].prefix, strlen (families[i].prefix)) == 0
        && (best == NULL || strlen (families[i].prefix) > strlen (best->prefix)))
      best = &families[i];
  return best;
}

static void
fail_file (RefFile *file, const char *why)
{
  printf ("  FAILED %s: %s\n", file->name, why);
  file->n_failed++;
  file->n_cases++;
}

static void
run_file (RefFile *file)
{
  const Family *family = find_family (file->name);

  if (family == NULL)
    fail_file (file, "a file of no known family");
  else if (family->run == NULL)
    {
      printf ("%s: family \"%s\" is not built yet\n", file->name, family->prefix);
      file->n_failed = file->n_cases = 1;
      return;
    }
  else if ((file->root = ref_sibling (file, file->name)) == NULL)
    fail_file (file, "cannot be read as JSON");
  else
    {
      family->run (file);
      if (file->n_cases == 0)
        fail_file (file, "there is no case in it");
    }
  printf ("%s: %d cases, %d failed\n", file->name, file->n_cases, file->n_failed);
  cJSON_Delete (file->root);
}

static int
is_json (const struct dirent *entry)
{
  const char *dot = strrchr (entry->d_name, '.');

  return entry->d_name[0] != '.' && dot != NULL && strcmp (dot, ".json") == 0;
}

int
main (int argc, char **argv)
{
  struct dirent **entries;
  int n_files, n_cases = 0, n_failed = 0;

  if (argc != 2 || (n_files = scandir (argv[1], &entries, is_json, alphasort)) < 0)
    {
      fprintf (stderr, "usage: eqk-reference FOLDER\n");
      return 2;
    }
  for (int i = 0; i < n_files; i++)
    {
      RefFile file = { .folder = argv[1], .name = entries[i]->d_name };

      run_file (&file);
      n_cases += file.n_cases;
      n_failed += file.n_failed;
      fflush (stdout);
      free (entries[i]);
    }
  free (entries);
  if (n_files == 0)
    printf ("no reference file in %s\n", argv[1]);
  printf ("%d passed, %d failed\n", n_cases - n_failed, n_failed);
  return n_failed > 0 || n_files == 0;
}
