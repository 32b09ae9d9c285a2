/* Checkpoint files, and models opened from them. */

#include "services/checkpoint.h"

#include "data/safetensors.h"
#include "model/compile.h"
#include "model/file.h"
#include "model/json.h"

#include "eqk/convention.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

struct _EqsCheckpoint
{
  char           *path;
  EqsSafetensors *file;
  EqsDocument    *document;
  EqsMap         *run;
};

static EqsDtype
dtype_of (EqkPrecision precision)
{
  return precision == EQK_F32 ? EQS_DTYPE_F32 : EQS_DTYPE_F64;
}

static void
add_tensor (EqsSafetensorsWriter *writer, const char *prefix, const EqkValue *value, const void *buffer, EqkPrecision precision)
{
  g_autofree char *name = g_strconcat (prefix, value->name, NULL);
  guint64          dims[6];

  for (int i = 0; i < value->n_dims; i++)
    dims[i] = (guint64) value->shape[i];
  eqs_safetensors_writer_add (writer, name, dtype_of (precision), (guint) value->n_dims, dims, (const char *) buffer + value->offset * (gsize) precision / 8);
}

/* The convention that a record of a run names. */
static gboolean
convention_of (const EqsMap *run, const EqkProgram *program, EqkConvention *out, GError **error)
{
  const char *text = eqs_map_get_string (run, "convention", "");
  EqkDiag     diag = EQK_DIAG_INIT;

  if (eqk_convention_parse (text, out, &diag) != EQK_OK)
    {
      g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_FORMAT,
                   _("“%s” is no word of a convention; there are studio, e3nn, nequip, textbook, xyz, yzx, mul_ir, ir_mul, component, norm, integral, no-phase, condon-shortley, to-target, to-source, "
                     "kinds-outside and kinds-inside."), diag.what);
      return FALSE;
    }
  if (eqk_convention_fits (program, out, &diag) == EQK_OK)
    return TRUE;
  g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_INVALID, _("“%s” reads %s: no weights can take up edges that run the other way or harmonics of another size. Use another convention."), diag.node,
               diag.what);
  return FALSE;
}

/* A weight in another convention, as doubles, from row `offset` of a flat buffer. */
static double *
dup_converted (const EqkProgram *program, int v, const EqkConvention *from, const EqkConvention *to, EqkPrecision precision, const void *buffer)
{
  const EqkValue    *value = eqk_program_value (program, v);
  double            *out = g_new (double, value->width);
  g_autofree double *in = g_new (double, value->width);

  for (int i = 0; i < value->width; i++)
    in[i] = precision == EQK_F32 ? (double) ((const float *) buffer)[value->offset + (gsize) i] : ((const double *) buffer)[value->offset + (gsize) i];
  eqk_convention_weight (program, v, from, to, in, out);
  return out;
}

static void
put (const EqkValue *value, EqkPrecision precision, const double *numbers, void *buffer)
{
  for (int i = 0; i < value->width; i++)
    if (precision == EQK_F32)
      ((float *) buffer)[value->offset + (gsize) i] = (float) numbers[i];
    else
      ((double *) buffer)[value->offset + (gsize) i] = numbers[i];
}

/* The weights of a store, all of them. */
static void
convert_store (const EqkProgram *program, EqkStore *store, const EqkConvention *from, const EqkConvention *to)
{
  for (int v = 0; v < eqk_program_n_values (program); v++)
    if (eqk_program_value (program, v)->kind == EQK_VALUE_WEIGHT && eqk_program_form (program, v) != NULL)
      {
        g_autofree double *numbers = dup_converted (program, v, from, to, eqk_store_precision (store), eqk_store_weights (store));

        put (eqk_program_value (program, v), eqk_store_precision (store), numbers, eqk_store_weights (store));
      }
}

static const char *const optimizer_prefixes[] = { "optimizer.first.", "optimizer.second.", "average." };

static gboolean
save (const char *path, EqsDocument *document, const EqkProgram *program, EqkStore *store, EqkOptimizer *optimizer, const EqsMap *run_info, GError **error)
{
  EqsSafetensorsWriter *writer = eqs_safetensors_writer_new ();
  const EqkPrecision    precision = eqk_store_precision (store);
  g_autofree char      *design = eqs_file_to_text (document, NULL);
  g_autoptr (EqsValue) run = eqs_value_new_object (eqs_map_copy (run_info));
  g_autofree char      *run_text = eqs_value_to_text (run);
  GString              *trainable = g_string_new ("[");
  gboolean              ok;

  for (int v = 0; v < eqk_program_n_values (program); v++)
    {
      const EqkValue *value = eqk_program_value (program, v);

      if (value->kind == EQK_VALUE_STATE)
        add_tensor (writer, "", value, eqk_store_state (store), precision);
      if (value->kind != EQK_VALUE_WEIGHT)
        continue;
      add_tensor (writer, "", value, eqk_store_weights (store), precision);
      g_string_append (trainable, trainable->len > 1 ? ", " : "");
      eqs_text_append_string (trainable, value->name);
      for (int which = 0; optimizer != NULL && which < 3; which++)
        if (eqk_optimizer_state (optimizer, which) != NULL)
          add_tensor (writer, optimizer_prefixes[which], value, eqk_optimizer_state (optimizer, which), precision);
    }
  g_string_append (trainable, "]");
  eqs_safetensors_writer_set_metadata (writer, "equi.design", design);
  eqs_safetensors_writer_set_metadata (writer, "equi.run", run_text);
  eqs_safetensors_writer_set_metadata (writer, "equi.trainable", trainable->str);
  ok = eqs_safetensors_writer_save (writer, path, error);
  eqs_safetensors_writer_free (writer);
  g_string_free (trainable, TRUE);
  return ok;
}

gboolean
eqs_checkpoint_save (const char *path, EqsDocument *document, const EqkProgram *program, EqkStore *store, EqkOptimizer *optimizer,
                     const EqsMap *run_info, GError **error)
{
  const EqkConvention studio = EQK_CONVENTION_STUDIO;
  EqkConvention       theirs;
  EqkStore           *copy;
  gboolean            ok;

  if (!convention_of (run_info, program, &theirs, error))
    return FALSE;
  if (eqk_convention_equal (&studio, &theirs))
    return save (path, document, program, store, optimizer, run_info, error);
  copy = eqk_store_new (program, eqk_store_precision (store), 0);
  ok = copy != NULL && eqk_store_copy (copy, store) == EQK_OK;
  if (ok)
    {
      convert_store (program, copy, &studio, &theirs);
      ok = save (path, document, program, copy, NULL, run_info, error);
    }
  else
    g_set_error_literal (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_IO, _("There is not enough memory."));
  eqk_store_unref (copy);
  return ok;
}

void
eqs_checkpoint_free (EqsCheckpoint *self)
{
  g_clear_pointer (&self->file, eqs_safetensors_free);
  g_clear_object (&self->document);
  g_clear_pointer (&self->run, eqs_map_unref);
  g_free (self->path);
  g_free (self);
}

EqsCheckpoint *
eqs_checkpoint_open (const char *path, GError **error)
{
  g_autoptr (EqsCheckpoint) self = g_new0 (EqsCheckpoint, 1);
  const char *design, *run;

  self->path = g_strdup (path);
  self->file = eqs_safetensors_open (path, error);
  if (self->file == NULL)
    return NULL;
  design = eqs_safetensors_get_metadata (self->file, "equi.design");
  run = eqs_safetensors_get_metadata (self->file, "equi.run");
  if (design == NULL)
    {
      g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_FORMAT, _("%s holds tensors but no design (metadata “equi.design”); it was not made by this program."), path);
      return NULL;
    }
  self->document = eqs_file_parse (design, -1, error);
  if (self->document == NULL)
    {
      g_prefix_error (error, _("%s: the design inside: "), path);
      return NULL;
    }
  if (run != NULL)
    {
      g_autoptr (EqsValue) value = eqs_json_parse (run, strlen (run), error);

      if (value == NULL || eqs_value_get_map (value) == NULL)
        {
          g_prefix_error (error, _("%s: the record of the run: "), path);
          if (error != NULL && *error == NULL)
            g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_FORMAT, _("%s: the record of the run is no object."), path);
          return NULL;
        }
      self->run = eqs_map_copy (eqs_value_get_map (value));
    }
  else
    self->run = eqs_map_new ();
  return g_steal_pointer (&self);
}

EqsDocument *
eqs_checkpoint_get_document (EqsCheckpoint *self)
{
  return self->document;
}

const EqsMap *
eqs_checkpoint_get_run (EqsCheckpoint *self)
{
  return self->run;
}

static gboolean
fits (const EqsTensor *tensor, const EqkValue *value)
{
  if (tensor == NULL || tensor->n_dims != (guint) value->n_dims || (tensor->dtype != EQS_DTYPE_F32 && tensor->dtype != EQS_DTYPE_F64))
    return FALSE;
  for (int i = 0; i < value->n_dims; i++)
    if (tensor->dims[i] != (guint64) value->shape[i])
      return FALSE;
  return TRUE;
}

/* A ReLU makes 0 of what is not a number, so that answers would look like answers. And no variance is below 0. */
static gboolean
is_sound (EqsCheckpoint *self, const EqsTensor *tensor, GError **error)
{
  const gboolean variance = g_str_has_suffix (tensor->name, "running_var");

  for (gsize i = 0; i < tensor->n_values; i++)
    {
      const double number = tensor->dtype == EQS_DTYPE_F32 ? ((const float *) tensor->data)[i] : ((const double *) tensor->data)[i];

      if (isfinite ((float) number) && !(variance && number < 0))
        continue;
      g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_FORMAT,
                   isfinite ((float) number) ? _("%s: “%s” is a variance and holds a number below 0, at place %zu. Take an earlier checkpoint, or train anew.")
                                             : _("%s: “%s” holds a value that is not a finite number, at place %zu. Take an earlier checkpoint, or train anew."),
                   self->path, tensor->name, i);
      return FALSE;
    }
  return TRUE;
}

static void
take (const EqsTensor *tensor, const EqkValue *value, EqkPrecision precision, void *buffer)
{
  for (gsize i = 0; i < tensor->n_values; i++)
    {
      const double number = tensor->dtype == EQS_DTYPE_F32 ? ((const float *) tensor->data)[i] : ((const double *) tensor->data)[i];

      if (precision == EQK_F32)
        ((float *) buffer)[value->offset + i] = (float) number;
      else
        ((double *) buffer)[value->offset + i] = number;
    }
}

static gboolean
refuse (EqsCheckpoint *self, const EqkValue *value, const EqsTensor *tensor, GError **error)
{
  g_autofree char *has = tensor == NULL ? g_strdup (_("nothing")) : eqs_dims_to_string (tensor->n_dims, tensor->dims);
  guint64          dims[6];

  for (int i = 0; i < value->n_dims; i++)
    dims[i] = (guint64) value->shape[i];
  g_autofree char *wants = eqs_dims_to_string ((guint) value->n_dims, dims);
  g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_FORMAT,
               _("%s does not fit the design: “%s” should be %s and is %s. Use the design the checkpoint was trained with."), self->path, value->name, wants, has);
  return FALSE;
}

gboolean
eqs_checkpoint_restore (EqsCheckpoint *self, const EqkProgram *program, EqkStore *store, EqkOptimizer *optimizer, gboolean loose,
                        guint *n_taken, GError **error)
{
  const EqkConvention studio = EQK_CONVENTION_STUDIO;
  const EqkPrecision  precision = eqk_store_precision (store);
  EqkConvention       theirs;
  guint               n = 0;

  if (!convention_of (self->run, program, &theirs, error))
    {
      g_prefix_error (error, "%s: ", self->path);
      return FALSE;
    }
  for (int pass = 0; pass < 2; pass++)   /* check everything first, change afterwards */
    for (int v = 0; v < eqk_program_n_values (program); v++)
      {
        const EqkValue  *value = eqk_program_value (program, v);
        const gboolean   weight = value->kind == EQK_VALUE_WEIGHT;
        const EqsTensor *tensor;

        if (!weight && value->kind != EQK_VALUE_STATE)
          continue;
        tensor = eqs_safetensors_find (self->file, value->name);
        if (!fits (tensor, value))
          {
            if (!loose)
              return refuse (self, value, tensor, error);
            continue;
          }
        if (pass == 0 && !is_sound (self, tensor, error))
          return FALSE;
        if (pass == 0)
          continue;
        take (tensor, value, precision, weight ? eqk_store_weights (store) : eqk_store_state (store));
        if (weight && eqk_program_form (program, v) != NULL && !eqk_convention_equal (&studio, &theirs))
          {
            g_autofree double *numbers = dup_converted (program, v, &theirs, &studio, precision, eqk_store_weights (store));

            put (value, precision, numbers, eqk_store_weights (store));
          }
        n++;
        for (int which = 0; weight && optimizer != NULL && which < 3; which++)
          {
            g_autofree char *name = g_strconcat (optimizer_prefixes[which], value->name, NULL);
            const EqsTensor *state = eqs_safetensors_find (self->file, name);

            if (fits (state, value) && eqk_optimizer_state (optimizer, which) != NULL)
              take (state, value, precision, eqk_optimizer_state (optimizer, which));
          }
      }
  eqk_store_touch (store);
  if (n_taken != NULL)
    *n_taken = n;
  return TRUE;
}

/* ---- models ---- */

void
eqs_model_free (EqsModel *self)
{
  eqk_store_unref (self->store);
  eqk_program_free (self->program);
  eqk_typed_unref (self->typed);
  g_clear_pointer (&self->checkpoint, eqs_checkpoint_free);
  g_clear_pointer (&self->run, eqs_map_unref);
  g_clear_object (&self->document);
  g_free (self);
}

static gboolean
is_checkpoint (const char *path)
{
  return g_str_has_suffix (path, ".safetensors");
}

/* The document with its program; problems that block the run are the error. */
static gboolean
compile (EqsModel *self, GError **error)
{
  g_autoptr (EqsCheck) check = eqs_check_new (self->document, error);

  if (check == NULL)
    return FALSE;
  if (check->program == NULL)
    {
      for (guint i = 0; i < check->problems->len; i++)
        {
          const EqsProblem *problem = g_ptr_array_index (check->problems, i);

          if (problem->blocks == EQK_BLOCKS_RUN)
            {
              g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_INVALID, _("The design cannot run: %s: %s (%s)"), problem->node == NULL ? "" : problem->node,
                           problem->message, problem->code);
              return FALSE;
            }
        }
      g_set_error_literal (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_INVALID, _("The design cannot run."));
      return FALSE;
    }
  self->typed = eqk_typed_ref (check->typed);
  self->program = g_steal_pointer (&check->program);
  return TRUE;
}

/* Weights by the initialiser, with the seed of the design. */
static gboolean
fill (EqsModel *self, GError **error)
{
  if (!compile (self, error))
    return FALSE;
  self->store = eqk_store_new (self->program, EQK_F32,
                               eqs_map_get_count (eqs_document_get_section (self->document, EQS_SECTION_TRAINING), "seed", G_MAXUINT64, 0));
  return TRUE;
}

EqsModel *
eqs_model_new (EqsDocument *document, GError **error)
{
  g_return_val_if_fail (EQS_IS_DOCUMENT (document), NULL);
  g_autoptr (EqsModel) self = g_new0 (EqsModel, 1);

  self->document = g_object_ref (document);
  self->run = eqs_map_new ();
  return fill (self, error) ? g_steal_pointer (&self) : NULL;
}

EqsDocument *
eqs_design_open (const char *path, GError **error)
{
  g_autoptr (EqsCheckpoint) checkpoint = NULL;

  if (!is_checkpoint (path))
    return eqs_file_load (path, error);
  checkpoint = eqs_checkpoint_open (path, error);
  return checkpoint == NULL ? NULL : g_object_ref (eqs_checkpoint_get_document (checkpoint));
}

EqsModel *
eqs_model_open (const char *path, GError **error)
{
  g_autoptr (EqsModel) self = NULL;
  g_autoptr (EqsDocument) document = NULL;

  if (!is_checkpoint (path))
    {
      document = eqs_file_load (path, error);
      return document == NULL ? NULL : eqs_model_new (document, error);
    }
  self = g_new0 (EqsModel, 1);
  self->checkpoint = eqs_checkpoint_open (path, error);
  if (self->checkpoint == NULL)
    return NULL;
  self->document = g_object_ref (eqs_checkpoint_get_document (self->checkpoint));
  self->run = eqs_map_copy (eqs_checkpoint_get_run (self->checkpoint));
  self->trained = TRUE;
  if (!fill (self, error) || !eqs_checkpoint_restore (self->checkpoint, self->program, self->store, NULL, FALSE, NULL, error))
    return NULL;
  eqs_map_remove (self->run, "convention");      /* of the file; in memory they are ours */
  return g_steal_pointer (&self);
}
