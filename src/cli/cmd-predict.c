/* equi predict: outputs of a network for files. */

#include "cli/commands.h"
#include "cli/run.h"

#include "eqk/op.h"
#include "services/predict.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

typedef enum { FORM_TABLE, FORM_JSON, FORM_CSV } Form;

typedef struct
{
  EqsModel   *model;
  const char *file;
  Form        form;
  GPtrArray  *list;          /* JSON: of EqsValue, one a sample */
  EqsMap     *sample;        /* JSON: in progress (nullable) */
  guint       samples;       /* of the file */
  gsize       cells;         /* CSV: of a line, behind its name; 0: the header is not printed yet */
} Predict;

/* A float as the shortest decimal that reads back the same float. */
static double
tidy (float value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE], format[8];

  for (int digits = 6; digits <= 9; digits++)
    {
      g_snprintf (format, sizeof format, "%%.%dg", digits);
      g_ascii_formatd (text, sizeof text, format, (double) value);
      if ((float) g_ascii_strtod (text, NULL) == value)
        break;
    }
  return g_ascii_strtod (text, NULL);
}

static gsize
largest (const float *values, gsize n)
{
  gsize best = 0;

  for (gsize i = 1; i < n; i++)
    if (values[i] > values[best])
      best = i;
  return best;
}

static double
probability (const float *values, gsize n, gsize i)
{
  const float top = values[largest (values, n)];
  double      sum = 0;

  for (gsize k = 0; k < n; k++)
    sum += exp ((double) values[k] - top);
  return exp ((double) values[i] - top) / sum;
}

static const char *
class_name (const Predict *self, gsize index)
{
  EqsValue *names = eqs_map_get (self->model->run, "classes");

  return names != NULL && index < eqs_value_get_length (names) ? eqs_value_get_string (eqs_value_get_item (names, (guint) index)) : NULL;
}

static EqsValue *
numbers (const float *values, gsize n)
{
  g_autofree double *copy = g_new (double, n + 1);

  for (gsize i = 0; i < n; i++)
    copy[i] = tidy (values[i]);
  return eqs_value_new_numbers (copy, (guint) n);
}

/* ---- JSON ---- */

static EqsValue *
rows_json (const float *values, gsize rows, gsize width)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func ((GDestroyNotify) eqs_value_unref);

  for (gsize r = 0; r < rows; r++)
    g_ptr_array_add (items, numbers (values + r * width, width));
  return eqs_cli_list (items);
}

static EqsValue *
grid_json (const EqsPrediction *p, gboolean classes)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func ((GDestroyNotify) eqs_value_unref);
  const gsize        w = (gsize) p->type->space.w;
  g_autofree double *line = g_new (double, w);

  for (gsize i = 0; i < (gsize) p->type->space.h; i++)
    {
      const float *row = p->values + i * w * p->width;

      for (gsize j = 0; j < w; j++)
        line[j] = (double) largest (row + j * p->width, p->width);
      g_ptr_array_add (items, classes ? eqs_value_new_numbers (line, (guint) w) : rows_json (row, w, p->width));
    }
  return eqs_cli_list (items);
}

static void
finish_sample (Predict *self)
{
  if (self->sample != NULL)
    g_ptr_array_add (self->list, eqs_value_new_object (g_steal_pointer (&self->sample)));
}

static void
add_class (Predict *self, const EqsPrediction *p)
{
  const gsize best = largest (p->values, p->width);

  eqs_cli_set_number (self->sample, "class", (double) best);
  if (class_name (self, best) != NULL)
    eqs_cli_set_string (self->sample, "class_name", class_name (self, best));
  eqs_cli_set_number (self->sample, "probability", probability (p->values, p->width, best));
}

/* The class of each node or edge. */
static EqsValue *
row_classes (const EqsPrediction *p)
{
  g_autofree double *classes = g_new (double, p->rows + 1);

  for (gsize r = 0; r < p->rows; r++)
    classes[r] = (double) largest (p->values + r * p->width, p->width);
  return eqs_value_new_numbers (classes, (guint) p->rows);
}

static void
take_json (Predict *self, const EqsPrediction *p)
{
  const gboolean logits = p->type->kind == EQK_KIND_LOGITS;
  EqsValue      *value;

  if (p->output == 0)
    {
      finish_sample (self);
      self->sample = eqs_map_new ();
      eqs_cli_set_string (self->sample, "input", self->file);
      eqs_cli_set_number (self->sample, "index", p->sample);
    }
  switch (p->type->space.kind)
    {
    case EQK_SPACE_GRID:
      value = grid_json (p, logits);
      break;
    case EQK_SPACE_NODES:
    case EQK_SPACE_EDGES:
      value = rows_json (p->values, p->rows, p->width);
      if (logits)
        eqs_cli_set_value (self->sample, "classes", row_classes (p));
      break;
    default:
      value = p->width == 1 && !logits ? eqs_value_new_number (tidy (*p->values)) : numbers (p->values, p->width);
    }
  eqs_cli_set_value (self->sample, logits && p->type->space.kind == EQK_SPACE_GRID ? "classes" : p->name, value);
  if (logits && p->type->space.kind == EQK_SPACE_SAMPLE)
    add_class (self, p);
}

/* ---- lines ---- */

static void
print_number (float value)
{
  g_autoptr (GString) text = g_string_new (NULL);

  eqs_text_append_number (text, tidy (value));
  printf (",%s", text->str);
}

static void
print_field (const char *text)
{
  g_auto (GStrv) parts = strpbrk (text, ",\"\r\n") == NULL ? NULL : g_strsplit (text, "\"", -1);
  g_autofree char *quoted = parts == NULL ? NULL : g_strjoinv ("\"\"", parts);

  if (quoted == NULL)
    fputs (text, stdout);
  else
    printf ("\"%s\"", quoted);
}

/* Cells that an output fills: the class and all probabilities, of pixels the class alone, else its numbers. */
static gsize
n_cells (const EqkPortType *type, gsize width)
{
  return type->kind != EQK_KIND_LOGITS ? width : type->space.kind == EQK_SPACE_GRID ? 1 : width + 1;
}

/* The header names as many cells as the widest output has; of one output of classes it says what they are. */
static void
print_header (Predict *self)
{
  const EqkProgram *program = self->model->program;
  const int         n = eqk_program_n_outputs (program);
  gboolean          classes = FALSE;

  for (int o = 0; o < n; o++)
    {
      const EqkProgramOutput *output = eqk_program_output (program, o);

      self->cells = MAX (self->cells, n_cells (&output->type, (gsize) eqk_program_value (program, output->value)->width));
      classes = n == 1 && output->type.kind == EQK_KIND_LOGITS;
    }
  fputs ("input,index,output,row", stdout);
  for (gsize c = 0; c < self->cells; c++)
    if (classes && c == 0)
      fputs (",class", stdout);
    else
      printf (",%s%zu", classes ? "p" : "v", classes ? c - 1 : c);
  putchar ('\n');
}

static void
take_csv (Predict *self, const EqsPrediction *p)
{
  const gboolean logits = p->type->kind == EQK_KIND_LOGITS, grid = p->type->space.kind == EQK_SPACE_GRID;

  if (self->cells == 0)
    print_header (self);
  for (gsize r = 0; r < p->rows; r++)
    {
      print_field (self->file);
      printf (",%u,%s,%zu", p->sample, logits ? "class" : p->name, r);
      if (logits)
        printf (",%zu", largest (p->values + r * p->width, p->width));
      for (gsize c = 0; c < p->width && !(logits && grid); c++)
        print_number (logits ? (float) probability (p->values + r * p->width, p->width, c) : p->values[r * p->width + c]);
      for (gsize c = n_cells (p->type, p->width); c < self->cells; c++)
        putchar (',');
      putchar ('\n');
    }
}

static void
take_table (Predict *self, const EqsPrediction *p)
{
  const gsize best = p->type->kind == EQK_KIND_LOGITS ? largest (p->values, p->width) : 0;

  printf ("%s", self->file);
  if (self->samples > 1)
    printf ("[%u]", p->sample);
  if (p->type->kind == EQK_KIND_LOGITS && p->type->space.kind == EQK_SPACE_SAMPLE)
    printf (_(": class %zu%s%s, probability %.3f\n"), best, class_name (self, best) == NULL ? "" : " ", class_name (self, best) == NULL ? "" : class_name (self, best),
            probability (p->values, p->width, best));
  else if (p->rows > 1)
    printf (_(": %s, %zu rows of %zu (--json or --csv prints them)\n"), p->name, p->rows, p->width);
  else
    {
      printf (": %s", p->name);
      for (gsize c = 0; c < p->width; c++)
        printf (" %.6g", (double) p->values[c]);
      putchar ('\n');
    }
}

static void
take (const EqsPrediction *p, gpointer data)
{
  Predict *self = data;

  if (self->form == FORM_JSON)
    take_json (self, p);
  else if (self->form == FORM_CSV)
    take_csv (self, p);
  else
    take_table (self, p);
}

static int
predict_files (Predict *self, char **files, const char *part, int threads)
{
  GError *error = NULL;

  for (; *files != NULL; files++)
    {
      g_autoptr (EqsSplit) split = eqs_predict_read_part (self->model, *files, part, &error);

      self->file = *files;
      self->samples = split == NULL ? 0 : eqs_split_get_n (split);
      if (split == NULL || !eqs_predict (self->model, split, threads, take, self, &error))
        return eqs_cli_fail_error (error);
      finish_sample (self);
    }
  if (self->form == FORM_JSON)
    {
      EqsMap *map = eqs_map_new ();

      eqs_cli_set_value (map, "outputs", eqs_cli_list (self->list));
      eqs_cli_print_json (map);
    }
  return EQS_EXIT_OK;
}

int
eqs_cmd_predict (int argc, char **argv)
{
  gboolean        json = FALSE, csv = FALSE;
  g_autofree char *threads_text = NULL, *part = NULL;
  gint64          threads = 0;
  Predict         self = { NULL };
  GError         *error = NULL;
  int             status;
  const GOptionEntry entries[] = {
    { "csv", 0, 0, G_OPTION_ARG_NONE, &csv, N_("Print a line for each row of each output: input, index, output, row, v0, v1 …; of classes: class, p0, p1 …, the probabilities"), NULL },
    { "split", 0, 0, G_OPTION_ARG_STRING, &part, N_("Part of a folder of data (default: test, or the first)"), N_("PART") },
    { "threads", 0, 0, G_OPTION_ARG_STRING, &threads_text, N_("Threads, 1 to 256 (default: one a core)"), "T" },
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, N_("Print one JSON object"), NULL },
    { NULL }
  };

  if (!eqs_cli_parse (entries, "predict", "CHECKPOINT INPUT… [OPTION…]",
                      _("Outputs of a trained network for files: pictures (PNG, PNM, JPEG, TIFF, BMP), IDX, NPY, NPZ, CSV, XYZ,\n"
                        "and for folders of data, such as graphs in the TU layout or nodes.csv and edges.csv."), &argc, &argv, 2, -1, &status))
    return status;
  if (json && csv)
    return eqs_cli_fail (EQS_EXIT_USAGE, _("--json and --csv exclude each other."));
  if (!eqs_cli_read_whole ("threads", threads_text, 1, 256, &threads))
    return EQS_EXIT_USAGE;
  self.model = eqs_model_open (argv[1], &error);
  if (self.model == NULL)
    return eqs_cli_fail_error (error);
  if (!self.model->trained)
    fprintf (stderr, _("equi: %s is a design without weights; outputs are those of its initial ones.\n"), argv[1]);
  self.form = json ? FORM_JSON : csv ? FORM_CSV : FORM_TABLE;
  self.list = g_ptr_array_new_with_free_func ((GDestroyNotify) eqs_value_unref);
  status = predict_files (&self, argv + 2, part, (int) threads);
  g_ptr_array_unref (self.list);
  g_clear_pointer (&self.sample, eqs_map_unref);
  eqs_model_free (self.model);
  return status;
}
