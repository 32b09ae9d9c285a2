/*
 * The driver is written from the declaration of the run function in the exported header, so that it fits whatever that takes: sizes come before
 * arrays, inputs before outputs. It reads its arguments from standard input as bytes and writes the status and the outputs to standard output.
 */

#include "services/compare-c.h"

#include "model/compile.h"
#include "model/error.h"
#include "services/batch.h"

#include "eqk/op.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

static void
compared_free (gpointer data)
{
  EqsComparedOutput *self = data;

  g_free (self->name);
  g_free (self->studio);
  g_free (self->code);
  g_free (self);
}

static gboolean
fail (GError **error, const char *format, ...) G_GNUC_PRINTF (2, 3);

static gboolean
fail (GError **error, const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error_literal (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_INVALID, text);
  return FALSE;
}

/* ---- the driver ---- */

/* Arguments of the run function but the first, as declared: "int32_t n_nodes", "const float *positions", "float *energy". (transfer full) */
static char **
read_arguments (const char *header, const char *prefix, gboolean *compact, GError **error)
{
  g_autofree char *run = g_strdup_printf ("\n%s_status %s_run (", prefix, prefix), *init = g_strdup_printf ("\n%s_status %s_init (", prefix, prefix);
  const char *at = strstr (header, run), *first = strstr (header, init);
  const char *end = at == NULL ? NULL : strstr (at, ");"), *first_end = first == NULL ? NULL : strstr (first, ");");
  g_autofree char *list = NULL;

  if (end == NULL || first_end == NULL)
    {
      fail (error, _("The exported header declares no function %s_run. Export the C code anew."), prefix);
      return NULL;
    }
  *compact = g_strstr_len (first, first_end - first, "weights_bytes") != NULL;
  at = strchr (at, ',');
  list = at == NULL || at > end ? g_strdup ("") : g_strndup (at + 2, (gsize) (end - at - 2));
  return g_strsplit (list, ", ", -1);
}

static gboolean
is_size (const char *argument)
{
  return strchr (argument, '*') == NULL;
}

static gboolean
is_input (const char *argument)
{
  return g_str_has_prefix (argument, "const ");
}

static const char *
name_of (const char *argument)
{
  return strrchr (argument, is_size (argument) ? ' ' : '*') + 1;
}

static char *
write_driver (char **arguments, const char *prefix, gboolean compact)
{
  g_autofree char *macro = g_ascii_strup (prefix, -1);
  GString *text = g_string_new ("#include \"model.h\"\n\n#include <stdio.h>\n#include <stdlib.h>\n\n"
                                "static void *\ntake (size_t *bytes, int filled)\n{\n  uint64_t n = 0;\n  void *data;\n\n"
                                "  if (fread (&n, sizeof n, 1, stdin) != 1)\n    exit (2);\n  *bytes = (size_t) n;\n  data = calloc (n + 8, 1);\n"
                                "  if (data == NULL || (filled && n > 0 && fread (data, (size_t) n, 1, stdin) != 1))\n    exit (2);\n  return data;\n}\n\n");

  g_string_append_printf (text, "static %s_MEMORY (arena, %s_ARENA_BYTES);\n", macro, macro);
  if (compact)
    g_string_append_printf (text, "static %s_MEMORY (expanded, %s_WEIGHTS_BYTES);\n", macro, macro);
  g_string_append_printf (text, "static %s model;\n\nint\nmain (void)\n{\n  int32_t status;\n", prefix);
  for (guint i = 0; arguments[i] != NULL; i++)
    if (is_size (arguments[i]))
      g_string_append_printf (text, "  int32_t v%u = 0;\n", i);
    else
      g_string_append_printf (text, "  size_t b%u = 0;\n  void *v%u = NULL;\n", i, i);
  for (guint i = 0; arguments[i] != NULL; i++)
    if (is_size (arguments[i]))
      g_string_append_printf (text, "  if (fread (&v%u, sizeof v%u, 1, stdin) != 1)\n    return 2;\n", i, i);
    else
      g_string_append_printf (text, "  v%u = take (&b%u, %d);\n", i, i, is_input (arguments[i]) ? 1 : 0);
  g_string_append_printf (text, "  status = (int32_t) %s_init (&model, arena, sizeof arena%s);\n  if (status == 0)\n    status = (int32_t) %s_run (&model", prefix,
                          compact ? ", expanded, sizeof expanded" : "", prefix);
  for (guint i = 0; arguments[i] != NULL; i++)
    g_string_append_printf (text, ", v%u", i);
  g_string_append (text, ");\n  fwrite (&status, sizeof status, 1, stdout);\n");
  for (guint i = 0; arguments[i] != NULL; i++)
    if (!is_size (arguments[i]) && !is_input (arguments[i]))
      g_string_append_printf (text, "  fwrite (v%u, b%u, 1, stdout);\n", i, i);
  g_string_append (text, "  return 0;\n}\n");
  return g_string_free (text, FALSE);
}

/* ---- the numbers ---- */

/* Files and exported code have channels before places, the kernels behind. (transfer full) */
static float *
to_files_order (const EqkValue *value, const float *data, gsize rows)
{
  const gsize width = (gsize) value->width;
  float      *out = g_new (float, rows * width + 1);

  for (gsize i = 0; i < rows; i++)
    for (gsize c = 0; c < width; c++)
      out[value->space.kind == EQK_SPACE_GRID ? c * rows + i : i * width + c] = data[i * width + c];
  return out;
}

static const EqkValue *
find_feed (EqkRun *run, const char *name, int *index)
{
  for (int v = 0; v < eqk_program_n_values (run->program); v++)
    {
      const EqkValue *value = eqk_program_value (run->program, v);

      if (value->kind == EQK_VALUE_FEED && strcmp (value->name, name) == 0)
        {
          *index = v;
          return value;
        }
    }
  return NULL;
}

static void
append_block (GByteArray *bytes, const void *data, gsize size)
{
  const guint64 n = size;

  g_byte_array_append (bytes, (const guint8 *) &n, sizeof n);
  if (data != NULL && size > 0)
    g_byte_array_append (bytes, data, (guint) size);
}

static gsize
numbers_of (EqkRun *run, int value)
{
  return eqk_run_rows (run, value) * (gsize) eqk_program_value (run->program, value)->width;
}

static gboolean
append_input (GByteArray *bytes, EqkRun *run, const char *name, GError **error)
{
  const EqkStructure *edges = run->structures;
  const EqkValue     *value;
  int                 index = -1;

  if (strcmp (name, "src") == 0 || strcmp (name, "dst") == 0)
    {
      append_block (bytes, strcmp (name, "src") == 0 ? edges->src : edges->dst, edges->n_edges * sizeof (int32_t));
      return TRUE;
    }
  value = find_feed (run, name, &index);
  if (value == NULL)
    return fail (error, _("The exported code takes “%s”, which the network has not. Export the C code anew."), name);
  if (value->index)
    append_block (bytes, eqk_run_feed (run, index), numbers_of (run, index) * sizeof (int32_t));
  else
    {
      g_autofree float *data = to_files_order (value, eqk_run_feed (run, index), eqk_run_rows (run, index));

      append_block (bytes, data, numbers_of (run, index) * sizeof (float));
    }
  return TRUE;
}

/* What the driver is told, and room for what it answers. Before the network runs: the memory of an input is used again for what follows. */
static GByteArray *
gather (EqkRun *run, char **arguments, GPtrArray *outputs, GError **error)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  int output = 0;

  for (guint i = 0; arguments[i] != NULL; i++)
    if (is_size (arguments[i]))
      {
        const gint32 n = (gint32) (strcmp (name_of (arguments[i]), "n_nodes") == 0 ? run->sizes.nodes : run->structures[0].n_edges);

        g_byte_array_append (bytes, (const guint8 *) &n, sizeof n);
      }
    else if (is_input (arguments[i]))
      {
        if (!append_input (bytes, run, name_of (arguments[i]), error))
          return NULL;
      }
    else if (output >= eqk_program_n_outputs (run->program))
      {
        fail (error, _("The exported code has more results than the network. Export the C code anew."));
        return NULL;
      }
    else
      {
        const EqkProgramOutput *out = eqk_program_output (run->program, output++);
        EqsComparedOutput      *self = g_new0 (EqsComparedOutput, 1);

        self->name = g_strdup (out->name);
        self->n = numbers_of (run, out->value);
        self->code = g_new0 (float, self->n + 1);
        g_ptr_array_add (outputs, self);
        append_block (bytes, NULL, self->n * sizeof (float));
      }
  return g_steal_pointer (&bytes);
}

static void
take_studio (EqkRun *run, GPtrArray *outputs)
{
  for (guint i = 0; i < outputs->len; i++)
    {
      EqsComparedOutput      *self = g_ptr_array_index (outputs, i);
      const EqkProgramOutput *out = eqk_program_output (run->program, (int) i);

      self->studio = to_files_order (eqk_program_value (run->program, out->value), eqk_run_value (run, out->value), eqk_run_rows (run, out->value));
    }
}

static gboolean
read_answer (GBytes *answer, GPtrArray *outputs, GError **error)
{
  gsize         size, at = sizeof (gint32);
  const guint8 *data = g_bytes_get_data (answer, &size);
  gint32        status;

  if (size < sizeof status)
    return fail (error, _("The compiled code gave no answer."));
  memcpy (&status, data, sizeof status);
  if (status == 4)
    return fail (error, _("This sample has more nodes or edges than the exported code was made for. Export with larger limits, or compare another sample."));
  if (status != 0)
    return fail (error, _("The compiled code refuses the sample with status %d; the header says what that means."), status);
  for (guint i = 0; i < outputs->len; i++)
    {
      EqsComparedOutput *self = g_ptr_array_index (outputs, i);
      const gsize        bytes = self->n * sizeof (float);

      if (size - at < bytes)
        return fail (error, _("The answer of the compiled code breaks off."));
      memcpy (self->code, data + at, bytes);
      at += bytes;
      self->scale = 1e-30;
      for (gsize k = 0; k < self->n; k++)
        {
          const double difference = fabs ((double) self->studio[k] - (double) self->code[k]);

          self->scale = MAX (self->scale, fabs ((double) self->studio[k]));
          /* What is not a number is as far away as can be. */
          self->largest = isnan (difference) ? INFINITY : MAX (self->largest, difference);
        }
    }
  return TRUE;
}

/* ---- compiling ---- */

static gboolean
compile (const char *folder, const char *place, const char *driver, GError **error)
{
  g_autofree char *compiler = g_find_program_in_path ("cc"), *source = g_build_filename (place, "compare.c", NULL), *program = g_build_filename (place, "compare", NULL);
  g_autofree char *code = g_build_filename (folder, "model.c", NULL), *weights = g_build_filename (folder, "model_weights.c", NULL), *message = NULL;
  const char *const build[] = { compiler, "-std=c11", "-O1", "-I", folder, "-o", program, source, code, weights, "-lm", NULL };
  int status = 0;

  if (compiler == NULL)
    return fail (error, _("There is no C compiler on this computer, so the code was not compared."));
  if (!g_file_set_contents (source, driver, -1, error) ||
      !g_spawn_sync (NULL, (char **) build, NULL, G_SPAWN_STDOUT_TO_DEV_NULL, NULL, NULL, NULL, &message, &status, error))
    return FALSE;
  return status == 0 ? TRUE : fail (error, _("The compiler did not accept the code: %s"), message == NULL ? "" : message);
}

static GBytes *
run_driver (const char *place, GByteArray *told, GError **error)
{
  g_autofree char         *program = g_build_filename (place, "compare", NULL);
  g_autoptr (GSubprocess)  process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, error, program, NULL);
  g_autoptr (GBytes)       in = g_bytes_new (told->data, told->len), out = NULL;

  if (process == NULL || !g_subprocess_communicate (process, in, NULL, &out, NULL, error))
    return NULL;
  if (!g_subprocess_get_if_exited (process) || g_subprocess_get_exit_status (process) != 0)
    {
      fail (error, _("The compiled code ended without an answer."));
      return NULL;
    }
  return g_steal_pointer (&out);
}

static void
remove_place (const char *place)
{
  static const char *const names[] = { "compare.c", "compare" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (place, names[i], NULL);

      g_remove (path);
    }
  g_rmdir (place);
}

static gboolean
compare_in (const char *place, EqkRun *run, const char *folder, const char *prefix, GPtrArray *outputs, GError **error)
{
  g_autofree char *path = g_build_filename (folder, "model.h", NULL), *header = NULL, *driver = NULL;
  g_auto (GStrv)   arguments = NULL;
  gboolean         compact = FALSE;
  g_autoptr (GByteArray) told = NULL;
  g_autoptr (GBytes)     answer = NULL;

  if (!g_file_get_contents (path, &header, NULL, error))
    return FALSE;
  arguments = read_arguments (header, prefix, &compact, error);
  told = arguments == NULL ? NULL : gather (run, arguments, outputs, error);
  if (told == NULL)
    return FALSE;
  eqk_run_forward (run, EQK_PASS_INFER, NULL);
  take_studio (run, outputs);
  driver = write_driver (arguments, prefix, compact);
  answer = compile (folder, place, driver, error) ? run_driver (place, told, error) : NULL;
  return answer != NULL && read_answer (answer, outputs, error);
}

/* ---- the sample ---- */

GPtrArray *
eqs_compare_c (EqsModel *model, EqsSplit *split, guint sample, const char *folder, const char *prefix, GError **error)
{
  g_autoptr (EqsFeeder) feeder = eqs_feeder_new (model->program, split, FALSE, error);
  g_autoptr (GPtrArray) outputs = g_ptr_array_new_with_free_func (compared_free);
  EqkRunOptions    options = { .precision = EQK_F32 };
  EqkDiag          diag = EQK_DIAG_INIT;
  EqkRun          *run = NULL;
  g_autofree char *place = NULL;
  gboolean         ok = FALSE;

  g_return_val_if_fail (sample < eqs_split_get_n (split), NULL);
  if (feeder == NULL || !eqs_feeder_take_species (feeder, model->run, error))
    return NULL;
  options.capacity = eqs_feeder_get_capacity (feeder, 1);
  if (eqk_run_new (model->program, model->store, &options, &run, &diag) != EQK_OK)
    eqs_compile_set_error (error, diag.status, &diag);
  else if (eqs_feeder_fill (feeder, run, &sample, 1, EQS_TRANSFORM_NONE, NULL, 0, 0, error))
    {
      place = g_dir_make_tmp ("equistudio-XXXXXX", error);
      ok = place != NULL && compare_in (place, run, folder, prefix == NULL ? "eq_model" : prefix, outputs, error);
      if (place != NULL)
        remove_place (place);
    }
  eqk_run_free (run);
  return ok ? g_steal_pointer (&outputs) : NULL;
}
