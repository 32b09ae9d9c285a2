/*
 * Out of memory, at every place: the library's allocations are counted, and each scene is played again with the first one
 * refused, the second, and so on, until it gets through. What fails must say so, free what it had built, and break nothing:
 * afterwards the scene works. Groups and representations are shared for good, so every scene is played once before.
 *
 * The linker leads malloc and its kin here (--wrap), for this program and the library alone.
 */

#include "check/audit.h"
#include "check/rig.h"
#include "check/specimen.h"
#include "eqk/export.h"
#include "eqk/layer.h"
#include "eqk/train.h"

#include "../sanitized.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>

/* ---- the allocator ---- */

static gint      live;               /* blocks that have not been freed; by any thread */
static gint      countdown = -1;     /* allocations until one is refused; below 0: none is */
static gint      refused;

void *__real_malloc        (size_t bytes);
void *__real_calloc        (size_t n, size_t bytes);
void *__real_realloc       (void *memory, size_t bytes);
void *__real_aligned_alloc (size_t alignment, size_t bytes);
void  __real_free          (void *memory);
char *__wrap_strdup        (const char *text);
void *__wrap_malloc        (size_t bytes);
void *__wrap_calloc        (size_t n, size_t bytes);
void *__wrap_realloc       (void *memory, size_t bytes);
void *__wrap_aligned_alloc (size_t alignment, size_t bytes);
void  __wrap_free          (void *memory);

static bool
refuse (void)
{
  if (g_atomic_int_get (&countdown) < 0 || g_atomic_int_add (&countdown, -1) != 0)
    return false;
  g_atomic_int_inc (&refused);
  return true;
}

static void *
counted (void *memory)
{
  if (memory != NULL)
    g_atomic_int_inc (&live);
  return memory;
}

void *
__wrap_malloc (size_t bytes)
{
  return refuse () ? NULL : counted (__real_malloc (bytes));
}

void *
__wrap_calloc (size_t n, size_t bytes)
{
  return refuse () ? NULL : counted (__real_calloc (n, bytes));
}

void *
__wrap_realloc (void *memory, size_t bytes)
{
  void *grown = refuse () ? NULL : __real_realloc (memory, bytes);

  return memory == NULL ? counted (grown) : grown;
}

void *
__wrap_aligned_alloc (size_t alignment, size_t bytes)
{
  return refuse () ? NULL : counted (__real_aligned_alloc (alignment, bytes));
}

char *
__wrap_strdup (const char *text)
{
  char *copy = __wrap_malloc (strlen (text) + 1);

  return copy == NULL ? NULL : strcpy (copy, text);
}

void
__wrap_free (void *memory)
{
  if (memory != NULL)
    g_atomic_int_add (&live, -1);
  __real_free (memory);
}

/* ---- scenes ---- */

typedef struct
{
  const EqkLayerType *layer;
  const EqkSpecimen  *specimen;
} Case;

typedef EqkStatus (*Scene) (const Case *c, EqkDiag *diag);

/* Types, program, weights, a training step. */
static EqkStatus
train_step (const Case *c, EqkDiag *diag)
{
  const EqkCompileOptions   compile = { .keep_all = true };
  const EqkOptimizerOptions step = EQK_OPTIMIZER_DEFAULTS;
  EqkRigOptions             options = { .precision = EQK_F32, .train = true, .batch = 2, .seed = 1 };
  EqkProgram               *program = NULL;
  EqkRig                   *rig = NULL;
  EqkOptimizer             *optimizer = NULL;
  EqkStatus                 status = eqk_specimen_program (c->layer, c->specimen, &compile, &program, diag);

  if (status == EQK_OK)
    status = eqk_rig_new (program, NULL, &options, &rig, diag);
  if (status == EQK_OK)
    status = eqk_rig_load (rig, NULL, diag);
  if (status == EQK_OK)
    status = eqk_run_forward (rig->run, EQK_PASS_TRAIN, diag);
  if (status == EQK_OK && eqk_run_weight_grads (rig->run) != NULL)
    {
      status = eqk_run_backward (rig->run, diag);
      optimizer = status == EQK_OK ? eqk_optimizer_new (&step, EQK_F32, eqk_program_n_weights (program)) : NULL;
      if (status == EQK_OK && optimizer == NULL)
        status = EQK_ERR_NO_MEMORY;
      else if (status == EQK_OK)
        eqk_optimizer_step (optimizer, rig->store, eqk_run_weight_grads (rig->run), 1, NULL);
    }
  eqk_optimizer_free (optimizer);
  eqk_rig_free (rig);
  eqk_program_free (program);
  return status;
}

static EqkStatus
export_c (const Case *c, EqkDiag *diag)
{
  const EqkCompileOptions compile = { 0 };
  const EqkExportOptions  options = { .name = "memory", .max_nodes = 8, .max_edges = 56 };
  EqkProgram             *program = NULL;
  EqkStore               *store = NULL;
  EqkExportFile          *files = NULL;
  int                     n = 0;
  EqkStatus               status = eqk_specimen_program (c->layer, c->specimen, &compile, &program, diag);

  if (status == EQK_OK)
    status = (store = eqk_store_new (program, EQK_F32, 1)) == NULL ? EQK_ERR_NO_MEMORY : EQK_OK;
  if (status == EQK_OK)
    status = eqk_export_c (program, store, &options, &files, &n, diag);
  eqk_export_files_free (files, n);
  eqk_store_unref (store);
  eqk_program_free (program);
  return status;
}

static EqkStatus
audit (const Case *c, EqkDiag *diag)
{
  EqkAuditOptions options = EQK_AUDIT_OPTIONS_INIT;
  EqkTyped       *typed = NULL;
  EqkAudit       *found = NULL;
  EqkStatus       status = eqk_specimen_typed (c->layer, c->specimen, &typed, diag);

  options.samples = 2;
  if (status == EQK_OK)
    status = eqk_audit (typed, NULL, &options, &found, diag);
  if (status == EQK_OK && found->verdict != EQK_VERDICT_EXACT)
    status = eqk_fail (diag, EQK_ERR_INTERNAL, "verdict %d", (int) found->verdict);      /* less memory is no other verdict */
  eqk_audit_free (found);
  eqk_typed_unref (typed);
  return status;
}

/* ---- playing them ---- */

/* Of long scenes only every so-manieth allocation is refused. */
static void
play (const char *name, Scene scene, const Case *c, gint every)
{
  EqkDiag   diag = EQK_DIAG_INIT;
  EqkStatus status = scene (c, &diag);
  gint      before, n = 0;

  if (status != EQK_OK)
    {
      if (status != EQK_ERR_UNSUPPORTED)   /* a layer that a pass does not know is refused in other words */
        g_error ("%s fails with all the memory it wants: %s", name, diag.what);
      return;
    }
  before = g_atomic_int_get (&live);
  do
    {
      EqkDiag second = EQK_DIAG_INIT;

      g_atomic_int_set (&refused, 0);
      g_atomic_int_set (&countdown, n);
      status = scene (c, &second);
      g_atomic_int_set (&countdown, -1);
      if (g_atomic_int_get (&refused) > 0 && status != EQK_OK && status != EQK_ERR_NO_MEMORY)
        {
          g_test_message ("%s, allocation %d refused: told as “%s” (%d)", name, n, second.what, status);
          g_test_fail ();
        }
      if (g_atomic_int_get (&live) != before)      /* another representation than the scene's own may have been made, for good: once */
        {
          before = g_atomic_int_get (&live);
          g_atomic_int_set (&countdown, n);
          scene (c, &second);
          g_atomic_int_set (&countdown, -1);
        }
      if (g_atomic_int_get (&live) != before)
        {
          g_test_message ("%s, allocation %d refused: %d blocks are left", name, n, g_atomic_int_get (&live) - before);
          g_test_fail ();
          before = g_atomic_int_get (&live);
        }
      n += every;
    }
  while (g_atomic_int_get (&refused) > 0);
  g_test_message ("%s: %d allocations", name, n - every);
  g_assert_cmpint (status, ==, EQK_OK);
  g_assert_cmpint (n, >, every);
}

static void
test_layer (gconstpointer data)
{
  const Case      *c = data;
  g_autofree char *name = g_strdup_printf ("%s, %s", c->layer->id, c->specimen->settings != NULL ? c->specimen->settings : "");

  play (name, train_step, c, SANITIZED ? 9 : 1);
}

static void
test_export (gconstpointer id)
{
  const EqkLayerType *layer = eqk_layer_find (id);
  const Case          c = { layer, &layer->specimens[0] };

  play (id, export_c, &c, 1);
}

static void
test_audit (gconstpointer id)
{
  const EqkLayerType *layer = eqk_layer_find (id);
  const Case          c = { layer, &layer->specimens[0] };

  play (id, audit, &c, strcmp (id, "gin") == 0 ? (SANITIZED ? 997 : 211) : SANITIZED ? 9 : 1);
}

static void
add_layer (const EqkLayerType *layer)
{
  for (int i = 0; layer->specimens != NULL && layer->specimens[i].inputs[0] != NULL; i++)
    {
      g_autofree char *path = g_strdup_printf ("/memory/layer/%s/%d", layer->id, i);
      Case            *c = g_new (Case, 1);

      *c = (Case){ layer, &layer->specimens[i] };
      g_test_add_data_func_full (path, c, test_layer, g_free);
    }
}

int
main (int argc, char **argv)
{
  int                        n;
  const EqkLayerType *const *layers = eqk_layers (&n);

  g_test_init (&argc, &argv, NULL);
  g_test_set_nonfatal_assertions ();
  for (int i = 0; i < n; i++)
    add_layer (layers[i]);
  g_test_add_data_func ("/memory/export/pictures", "r2conv", test_export);
  g_test_add_data_func ("/memory/export/points", "tfn_conv", test_export);
  g_test_add_data_func ("/memory/audit/pictures", "r2conv", test_audit);
  g_test_add_data_func ("/memory/audit/graphs", "gin", test_audit);
  return g_test_run ();
}
