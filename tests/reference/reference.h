#pragma once

/**
 * Comparing libeqk with numbers that other implementations wrote (JSON files). A family is a kind of file, told by how
 * its name begins; it reads its file and opens one case for each thing that can be right or wrong by itself. Whatever is
 * missing in a file fails its case: a comparison that did not happen is no agreement.
 *
 * A new family: one file with `void ref_run_NAME (RefFile *file)`, its line in families[] (eqk-reference.c) and in
 * meson.build.
 */

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>

typedef struct
{
  const char *folder;
  const char *name;       /**< "group_C4.json" */
  cJSON      *root;
  int         n_cases, n_failed;
} RefFile;

/** One case, on the stack. Its first failure is kept as text, its worst deviation as a number. */
typedef struct
{
  RefFile *file;
  char     name[120];
  char     failure[240];  /**< "" while all is well */
  double   worst;
} RefCase;

typedef void (*RefRun) (RefFile *file);

RefCase ref_case_open  (RefFile *file, const char *format, ...) __attribute__ ((format (printf, 2, 3)));
/** Counts the case and prints it when it failed. @return whether it passed */
bool    ref_case_close (RefCase *self);

/** Records the failure unless ok. @return ok */
bool ref_check (RefCase *self, bool ok, const char *format, ...) __attribute__ ((format (printf, 3, 4)));
/** |found - expected| <= tolerance (1 + |expected|). */
bool ref_near  (RefCase *self, const char *what, double found, double expected, double tolerance);
/** An integer that has to be this one. */
bool ref_equal (RefCase *self, const char *what, const cJSON *found, int expected);
bool ref_equal_text (RefCase *self, const char *what, const cJSON *found, const char *expected);

/** Member of an object, or item of an array; failing the case and returning a null item when it is not there. */
const cJSON *ref_get (RefCase *self, const cJSON *object, const char *key);
const cJSON *ref_at  (RefCase *self, const cJSON *array, int index);
/** An integer; 0 and a failed case when the item is none. */
int          ref_int (RefCase *self, const cJSON *item);
double       ref_number (RefCase *self, const cJSON *item);
/** The array has this length. */
bool         ref_length (RefCase *self, const char *what, const cJSON *array, int length);

/** All numbers of a nested array, in order, compared with expected[0 .. n-1]. */
bool ref_near_all (RefCase *self, const char *what, const cJSON *nested, const double *expected, size_t n,
                   double tolerance);
/** All numbers of a nested array, copied; the caller frees. NULL and a failed case unless there are exactly n. */
double *ref_numbers (RefCase *self, const char *what, const cJSON *nested, size_t n);
/** The data of {"shape": .., "data": ..}; the shape has to be dims[0 .. n_dims-1]. The caller frees. */
double *ref_tensor (RefCase *self, const char *what, const cJSON *tensor, const int *dims, int n_dims);

/** Another file of the same folder; NULL when it cannot be read. The caller deletes it. */
cJSON *ref_sibling (const RefFile *file, const char *name);

void ref_run_group           (RefFile *file);
void ref_run_continuous_dims (RefFile *file);
void ref_run_sampled_basis   (RefFile *file);
void ref_run_param_counts    (RefFile *file);
void ref_run_r2conv          (RefFile *file);
void ref_run_layers          (RefFile *file);
void ref_run_wigner_3j            (RefFile *file);
void ref_run_wigner_D             (RefFile *file);
void ref_run_wigner_D_matrix      (RefFile *file);
void ref_run_so3_generators       (RefFile *file);
void ref_run_harmonics            (RefFile *file);
void ref_run_harmonics_grad       (RefFile *file);
void ref_run_activation_constants (RefFile *file);
void ref_run_irreps               (RefFile *file);
void ref_run_network_outputs      (RefFile *file);
void ref_run_network_weights      (RefFile *file);
void ref_run_network_loss_grads   (RefFile *file);
void ref_run_network_adam         (RefFile *file);
void ref_run_tensor_products     (RefFile *file);
void ref_run_s2                  (RefFile *file);
void ref_run_radial              (RefFile *file);
void ref_run_angular             (RefFile *file);
void ref_run_linear              (RefFile *file);
void ref_run_fully_connected_net (RefFile *file);
void ref_run_batch_norm          (RefFile *file);
void ref_run_gate                (RefFile *file);
void ref_run_norm                (RefFile *file);
void ref_run_reduced             (RefFile *file);
void ref_run_tetris              (RefFile *file);
void ref_run_sets            (RefFile *file);
void ref_run_graphs          (RefFile *file);
