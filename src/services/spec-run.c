/* Sections 8 to 13: training, verification, and what follows from them. */

#include "services/spec-private.h"

#include "model/training-plan.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* ---- 8 training ---- */

/* What the run was told, and what it found. Its bookkeeping is nobody's business. */
static const struct { const char *key, *name; EqsOrigin origin; } run_facts[] = {
  { "version", N_("Trained by Equistudio"), EQS_STATED },
  { "data", N_("Data"), EQS_STATED },
  { "data_hash", N_("Hash of the data"), EQS_COMPUTED },
  { "seed", N_("Seed of the run"), EQS_STATED },
  { "batch", N_("Samples in a batch"), EQS_STATED },
  { "epochs", N_("Epochs planned"), EQS_STATED },
  { "limit", N_("At most so many samples"), EQS_STATED },
  { "max_seconds", N_("At most so many seconds"), EQS_STATED },
  { "precision", N_("Precision"), EQS_STATED },
  { "byte_scale", N_("Bytes of pictures multiplied by"), EQS_STATED },
  { "epoch", N_("Epochs done"), EQS_MEASURED },
  { "best_epoch", N_("Best epoch by the validation part"), EQS_MEASURED },
  { "seconds", N_("Seconds of training"), EQS_MEASURED },
  { "symmetry_error", N_("Symmetry error at the end"), EQS_MEASURED },
};

static void
write_validation (EqsSpecWriter *self)
{
  const EqsValue *valid = eqs_map_get (self->model->run, "valid"), *units = eqs_map_get (self->model->run, "units");
  const EqsMap   *map = valid == NULL ? NULL : eqs_value_get_map (valid), *unit_map = units == NULL ? NULL : eqs_value_get_map (units);

  for (guint i = 0; map != NULL && i < eqs_map_get_size (map); i++)
    {
      const char      *key = eqs_map_get_key (map, i), *unit = unit_map == NULL ? "" : eqs_map_get_string (unit_map, key, "");
      const double     value = eqs_map_get_number (map, key, NAN);
      /* Translators: a measure of the validation part, such as "accuracy" */
      g_autofree char *name = g_strdup_printf (_("Validation part: %s"), key);

      if (!isfinite (value))
        continue;
      if (strcmp (key, "accuracy") == 0)
        eqs_book_figure (self->book, EQS_MEASURED, name, "%.1f %%", 100 * value);
      else
        eqs_book_figure (self->book, EQS_MEASURED, name, "%.4g%s%s", value, *unit == '\0' ? "" : " ", unit);
    }
}

static void
write_run (EqsSpecWriter *self)
{
  const EqsMap *run = self->model->run;

  if (!self->model->trained)
    return;
  for (guint i = 0; i < G_N_ELEMENTS (run_facts); i++)
    {
      const char  *text = eqs_map_get_string (run, run_facts[i].key, NULL);
      const double number = eqs_map_get_number (run, run_facts[i].key, NAN);

      if (text != NULL && *text != '\0')
        eqs_book_figure (self->book, run_facts[i].origin, _(run_facts[i].name), "%s", text);
      else if (isfinite (number) && number != 0)
        eqs_book_figure (self->book, run_facts[i].origin, _(run_facts[i].name), number == floor (number) ? "%.0f" : "%.4g", number);
    }
  write_validation (self);
  eqs_book_text (self->book, "%s", _("Of the test part nothing is known here: `equi eval` reads it."));
}

/* What each answer is compared by, and how much it counts. */
static void
write_losses (EqsSpecWriter *self, const EqsMap *plan)
{
  static const struct { const char *name, *title; } losses[] = { { "mse", N_("mean squared error") }, { "mae", N_("mean absolute error") }, { "huber", N_("Huber's loss") } };
  const EqkProgram *program = self->check->program;

  for (int i = 0; program != NULL && i < eqk_program_n_outputs (program); i++)
    {
      const EqkProgramOutput *output = eqk_program_output (program, i);
      g_autofree char        *node = eqs_compile_dup_path (output->node), *key = g_strconcat ("weight_", node, NULL), *name = g_strdup_printf (_("Loss of “%s”"), node);
      const char             *said = eqs_training_get_string (plan, "loss"), *title = _(losses[0].title);
      const gboolean          own = eqs_map_get (plan, key) != NULL || eqs_map_get (plan, "loss") != NULL;

      for (gsize k = 0; k < G_N_ELEMENTS (losses); k++)
        if (strcmp (losses[k].name, said) == 0)
          title = _(losses[k].title);
      if (output->type.kind == EQK_KIND_LOGITS)
        title = _("cross-entropy of the classes");
      /* Translators: a loss, a factor */
      eqs_book_figure (self->book, own ? EQS_STATED : EQS_COMPUTED, name, _("%s, with weight %g"), title, eqs_map_get_number (plan, key, 1));
    }
}

/* The whole plan: what the design says, and what holds where it says nothing. */
static void
write_plan (EqsSpecWriter *self, const EqsMap *plan)
{
  guint                     n;
  const EqsTrainingSetting *settings = eqs_training_settings (&n);

  for (guint i = 0; i < n; i++)
    {
      const EqsTrainingSetting *one = &settings[i];
      const EqsValue           *value = eqs_map_get (plan, one->param.name);
      g_auto (GStrv)            when = one->of == NULL ? NULL : g_strsplit (one->when, "|", -1);
      g_autofree char          *text = value == NULL ? NULL : eqs_value_to_text (value), *name = g_strdup_printf ("%s (%s)", _(one->param.title), one->param.name);

      if (strcmp (one->param.name, "loss") == 0 || (when != NULL && !g_strv_contains ((const char *const *) when, eqs_training_get_string (plan, one->of))))
        continue;
      if (text != NULL)
        eqs_book_figure (self->book, EQS_STATED, name, "%s", text);
      else
        /* Translators: the value of a setting that the design does not state */
        eqs_book_figure (self->book, EQS_COMPUTED, name, _("%s, the default"), one->param.fallback);
    }
}

void
eqs_spec_write_training (EqsSpecWriter *self)
{
  EqsBook            *b = self->book;
  g_autoptr (EqsMap)  none = eqs_map_new ();
  const EqsMap       *training = eqs_document_get_section (self->document, EQS_SECTION_TRAINING), *plan = training != NULL ? training : none;

  eqs_book_section (b, _("Training guidance"));
  if (training == NULL)
    eqs_book_text (b, "%s", _("The design states no plan; the trainer's defaults hold."));
  write_losses (self, plan);
  write_plan (self, plan);
  write_run (self);
  if (eqs_spec_get_dim (self) == 3)
    eqs_book_text (b, "%s", _("Data are made even before: energies lose the mean contribution of each kind of atom and are divided by the root mean square of the forces where there are any, sums over neighbours "
                              "are divided by the root of their mean number; the readout puts it back."));
  eqs_book_text (b, "%s", _("Rules of thumb: weights start so that each layer keeps the size of what it gets (He's rule for steerable kernels); statistics of the data come from the training part alone; copies of one sample that are turned "
                            "differently belong into the same part; augmentation by angles that the guarantee does not cover helps, by those it covers it changes nothing; the model is chosen "
                            "by the validation part, and the test part is read once; the symmetry error is shown while training."));
}

/* ---- 9 verification ---- */

static void
audit_figure (EqsSpecWriter *self, const char *name, const char *key, const char *limit)
{
  const double value = eqs_map_get_number (self->audit, key, NAN), threshold = limit == NULL ? NAN : eqs_map_get_number (self->audit, limit, NAN);

  if (!isfinite (value))
    return;
  if (isfinite (threshold))
    eqs_book_figure (self->book, EQS_MEASURED, name, _("%.3g (limit %.3g)"), value, threshold);
  else
    eqs_book_figure (self->book, EQS_MEASURED, name, "%.3g", value);
}

static void
audit_list (EqsSpecWriter *self, const char *key, const char *id, const char *between)
{
  const EqsValue *list = eqs_map_get (self->audit, key);

  for (guint i = 0; list != NULL && i < eqs_value_get_length (list); i++)
    {
      const EqsMap    *item = eqs_value_get_map (eqs_value_get_item (list, i));
      g_autofree char *error = eqs_spec_dup_number (eqs_map_get_number (item, "error", NAN)), *f64 = eqs_spec_dup_number (eqs_map_get_number (item, "error_f64", NAN));
      g_autofree char *apart = eqs_map_get_bool (item, "on_grid", FALSE) || !isfinite (eqs_map_get_number (item, between, NAN)) ? g_strdup ("–") : eqs_spec_dup_number (eqs_map_get_number (item, between, NAN));
      const char      *verdict = eqs_map_get_string (item, "verdict", NULL);

      eqs_book_row (self->book, eqs_map_get_string (item, id, ""), error, f64, apart,
                    verdict != NULL ? verdict : eqs_map_get (item, "promised") == NULL ? "–" : eqs_spec_yes_no (eqs_map_get_bool (item, "promised", FALSE)), NULL);
    }
}

void
eqs_spec_write_verification (EqsSpecWriter *self)
{
  EqsBook        *b = self->book;
  const EqsValue *control = self->audit == NULL ? NULL : eqs_map_get (self->audit, "control");
  const double    ratio = control == NULL ? NAN : eqs_map_get_number (eqs_value_get_map (control), "ratio", NAN);

  eqs_book_section (b, _("Verification"));
  eqs_book_text (b, "%s", _("Plan: f(g·x) is compared with g·f(x) for every element of a finite group and its grid symmetries, on the kernels in use, on direct kernels and in float64; each node alone "
                            "with exactly transformed inputs; gradients; and a control of equal shape without the symmetry, which has to fail."));
  if (self->audit == NULL)
    {
      eqs_book_text (b, "%s", _("Not run. `equi audit FILE` runs it; nothing is claimed here that was not measured."));
      return;
    }
  eqs_spec_write_measured (self);
  if (eqs_map_get_string (self->audit, "reason", NULL) != NULL)
    eqs_book_text (b, "%s", eqs_map_get_string (self->audit, "reason", ""));
  audit_figure (self, _("Largest error, kernels in use"), "worst", "threshold");
  audit_figure (self, _("Largest error, direct kernels"), "worst_direct", "threshold_direct");
  audit_figure (self, _("Largest error, float64"), "worst_f64", "threshold_f64");
  if (eqs_map_get_number (self->audit, "amplified", 1) > 1)
    eqs_book_figure (b, EQS_MEASURED, _("Largest factor by which an input makes roundings larger; its float32 errors are divided by it"), "%.3g",
                     eqs_map_get_number (self->audit, "amplified", 1));
  audit_figure (self, _("Largest error of forces"), "worst_forces", "threshold_forces");
  audit_figure (self, _("Gradients of inputs"), "gradient_inputs", "threshold_gradient");
  audit_figure (self, _("Gradients of weights"), "gradient_weights", "threshold_gradient");
  eqs_book_text (b, "%s", _("Inputs are drawn at random, none is of the data: noise for elements that the grid maps onto itself, bars and wedges for angles between, random clouds and graphs for "
                            "points and nodes."));
  eqs_book_figure (b, EQS_STATED, _("Inputs drawn, and their seed"), "%.0f, %.0f", eqs_map_get_number (self->audit, "samples", NAN), eqs_map_get_number (self->audit, "seed", NAN));
  if (isfinite (ratio))
    eqs_book_figure (b, EQS_MEASURED, _("Median deviation over the spread of the answers: design, control"), "%.1e, %.1e", eqs_map_get_number (eqs_value_get_map (control), "design", NAN),
                     eqs_map_get_number (eqs_value_get_map (control), "error", NAN));
  eqs_book_figure (b, EQS_MEASURED, _("Culprit"), "%s", eqs_map_get_string (self->audit, "culprit", NULL) == NULL ? _("none") : eqs_map_get_string (self->audit, "culprit", ""));
  eqs_book_table (b, _("Element|Error|Error in float64|Between grid points: over the answer's change|Promised"));
  audit_list (self, "elements", "element", "median_s");
  eqs_book_table (b, _("Node|Error|Error in float64|Error between grid points|Verdict"));
  audit_list (self, "nodes", "id", "error_between");
}

/* ---- 10 to 13 ---- */

void
eqs_spec_write_implementation (EqsSpecWriter *self)
{
  eqs_book_section (self->book, _("Implementation"));
  eqs_spec_write_dependencies (self);
  eqs_book_code (self->book, "equi check design.equi\n"
                             "equi train design.equi --data DATA -o run\n"
                             "equi eval run/best.safetensors --data DATA --split test --transform quarter\n"
                             "equi audit run/best.safetensors\n"
                             "equi export run/best.safetensors --format c -o c\n"
                             "cc -std=c11 -O2 -o selftest c/model.c c/model_weights.c c/selftest.c -lm && ./selftest");
  eqs_book_text (self->book, "%s", _("The design file holds all that the commands need; its fields are described by data/equi.schema.json. The table of section 3 maps nodes to classes of the usual "
                                     "libraries. The complete inference code is what the export writes; its self-test checks 16 recorded outputs and the symmetry."));
}

void
eqs_spec_write_deployment (EqsSpecWriter *self)
{
  EqsBook  *b = self->book;
  const int dim = eqs_spec_get_dim (self);

  eqs_book_section (b, _("Deployment"));
  eqs_book_text (b, "%s", _("Formats: standalone C (`--format c`) with its self-test, callable from C++ and Fortran; weights as safetensors (`--format weights`); this specification."));
  eqs_book_text (b, "%s", _("Precision: float32; the same sources run in float64 for checking. The same seed and build give the same weights bit for bit, whatever the number of threads."));
  eqs_book_text (b, "%s", dim == 2 ? _("Input contract: extents, channels and their order are those of the input ports in section 1, scaled as in training; pictures are centred, and a resize before the "
                                       "network has to align corners, or the grid moves off its centre.")
                          : dim == 3 ? _("Input contract: positions in the unit of the training data, kinds numbered as there, anywhere in space; neighbours are all pairs within the cut-off, both ways. More "
                                         "nodes or edges than the header allows are refused with a status.")
                                     : _("Input contract: columns and their order are those of the input ports in section 1, scaled as in training; rows in any order. More nodes or edges than the header "
                                         "allows are refused with a status."));
  if (dim == 3)
    eqs_book_text (b, "%s", _("Conventions: a vector is stored (x, y, z), the pole of the harmonics is y, Σ_m Y_lm² = 2l + 1 without Condon and Shortley's phase, copies of an irrep stand one after "
                              "the other (mul_ir), inversion multiplies odd irreps (o) by −1, an edge runs from source to target, r = x_target − x_source. Words of `--convention` write the weights in another "
                              "one; the `convention` of a data column is read into this one."));
  eqs_book_text (b, "%s", _("At start, run the self-test of the exported code, or transform one input by three elements and compare."));
  eqs_book_text (b, "%s", dim == 2 ? _("Limits: inputs unlike the training data are not recognised as such; angles outside the exact elements of section 0 hold approximately at best.")
                          : dim == 3 ? _("Limits: inputs unlike the training data are not recognised as such, neither other kinds of atoms nor other distances; nothing beyond the cut-off is seen but through "
                                         "steps from neighbour to neighbour.")
                                     : _("Limits: inputs unlike the training data are not recognised as such; what section 12 says of graphs that messages cannot tell apart holds for any weights."));
}

void
eqs_spec_write_risks (EqsSpecWriter *self)
{
  EqsBook *b = self->book;

  eqs_book_section (b, _("Risks and next steps"));
  if (self->check->problems->len == 0)
    eqs_book_text (b, "%s", _("The check has no findings."));
  else
    eqs_book_table (b, _("Code|Node|Finding|Why"));
  for (guint i = 0; i < self->check->problems->len; i++)
    {
      const EqsProblem *problem = g_ptr_array_index (self->check->problems, i);

      eqs_book_row (b, problem->code, problem->node == NULL ? "–" : problem->node, problem->message, problem->why == NULL ? "" : problem->why, NULL);
    }
  if (!self->model->trained)
    eqs_book_text (b, "%s", _("Next: train the design; this document is of its initial weights."));
  if (self->audit == NULL)
    eqs_book_text (b, "%s", _("Next: run the audit and export this document again."));
  eqs_book_text (b, "%s", _("Next: compare with an ordinary network of the same size on upright and turned test data."));
}

void
eqs_spec_write_references (EqsSpecWriter *self)
{
  g_autoptr (GHashTable) told = g_hash_table_new (g_str_hash, g_str_equal);

  eqs_book_section (self->book, _("References"));
  eqs_book_text (self->book, "%s", _("- Kondor and Trivedi 2018: equivariant linear maps of compact groups are convolutions."));
  for (guint i = 0; i < self->check->nodes->len; i++)
    {
      const EqkLayerType *layer = eqs_spec_layer_of (&g_array_index (self->check->nodes, EqsNodeCost, i));
      const char         *source = layer == NULL || layer->doc == NULL ? NULL : strstr (_(layer->doc), "Source: ");

      if (source != NULL && g_hash_table_add (told, (char *) layer->id))
        eqs_book_text (self->book, "- %s: %s", _(layer->title), source + strlen ("Source: "));
    }
}
