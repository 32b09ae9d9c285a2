/* Sections 6 and 7: parameters, work, and alternatives, which are made and counted, not guessed. */

#include "services/spec-private.h"

#include "model/widths.h"
#include "services/formula.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <string.h>

/* ---- 6 parameters ---- */

/* What ordinary convolutions of the same windows and channels would take, in place of the layers that have a window. */
static gint64
ordinary_parameters (const EqsSpecWriter *self, gint64 *replaced)
{
  gint64 sum = 0;

  *replaced = 0;
  for (guint i = 0; i < self->check->nodes->len; i++)
    {
      const EqsNodeCost  *cost = &g_array_index (self->check->nodes, EqsNodeCost, i);
      const EqkLayerType *layer = eqs_spec_layer_of (cost);
      const EqkPortType  *in = eqs_spec_incoming (self, cost), *out = eqs_spec_type_of (self, cost, NULL);
      EqkSettings        *settings;
      gboolean            window = FALSE;

      for (const EqkParam *p = layer == NULL ? NULL : layer->params; p != NULL && p->name != NULL; p++)
        window = window || (p->kind == EQK_PARAM_INT && strcmp (p->name, "k") == 0);
      if (!window || (layer->flags & EQK_LAYER_LINEAR) == 0 || in == NULL || out == NULL)
        continue;
      settings = eqs_settings_from_map (eqs_node_get_params (eqs_document_find_node (self->document, cost->id)));
      sum += (gint64) eqk_rep_get_dim (out->rep) * ((gint64) eqk_rep_get_dim (in->rep) * eqk_settings_int (settings, layer->params, "k") * eqk_settings_int (settings, layer->params, "k") + 1);
      *replaced += cost->parameters;
      eqk_settings_free (settings);
    }
  return sum;
}

/* Which numbers make up each count: copies in × copies out for each kind between irreps, fields × fields × filters between regular fields. */
static void
write_formulas (EqsSpecWriter *self)
{
  eqs_book_text (self->book, "%s", _("By layer, as products: copies in × copies out of each kind for maps between irreps, fields out × fields in × filters of the basis for steerable convolutions."));
  eqs_book_table (self->book, _("Node|Formula|Parameters"));
  for (guint i = 0; i < self->check->nodes->len; i++)
    {
      const EqsNodeCost *cost = &g_array_index (self->check->nodes, EqsNodeCost, i);
      g_autofree char   *formula = cost->kernel_node < 0 ? g_strdup ("") : eqs_formula_dup (self->check->program, cost->kernel_node, cost->parameters);
      g_autofree char   *parameters = g_strdup_printf ("%" PRId64, cost->parameters);

      if (cost->parameters > 0)
        eqs_book_row (self->book, cost->id, *formula == '\0' ? _("the sum over the layers inside") : formula, parameters, NULL);
    }
}

void
eqs_spec_write_parameters (EqsSpecWriter *self)
{
  EqsBook          *b = self->book;
  const EqkProgram *program = self->check->program;
  gint64            replaced, ordinary = ordinary_parameters (self, &replaced);

  eqs_book_section (b, _("Parameters"));
  eqs_book_figure (b, EQS_COMPUTED, _("Total"), "%" PRId64, self->check->parameters);
  eqs_book_table (b, _("Tensor|Shape|Numbers"));
  for (int v = 0; program != NULL && v < eqk_program_n_values (program); v++)
    {
      const EqkValue     *value = eqk_program_value (program, v);
      g_autoptr (GString) shape = g_string_new (NULL);
      g_autofree char    *numbers = g_strdup_printf ("%d", value->width);

      if (value->kind != EQK_VALUE_WEIGHT)
        continue;
      for (int d = 0; d < value->n_dims; d++)
        g_string_append_printf (shape, "%s%d", d > 0 ? " × " : "", value->shape[d]);
      eqs_book_row (b, value->name, shape->str, numbers, NULL);
    }
  write_formulas (self);
  if (ordinary > 0)
    eqs_book_figure (b, EQS_COMPUTED, _("The same channels and windows without symmetry"), _("%" PRId64 " instead of %" PRId64 ": %.1f times as many"), ordinary, replaced,
                     (double) ordinary / MAX ((double) replaced, 1));
}

/* ---- 7 efficiency ---- */

/* @param effect  NULL: what the types of the changed design promise */
static void
alternative (EqsSpecWriter *self, const char *name, EqsDocument *document, const char *effect, const char *advice)
{
  g_autoptr (EqsCheck) check = document == NULL ? NULL : eqs_check_new (document, NULL);
  g_autofree char     *parameters = NULL, *mflop = NULL, *arena = NULL, *promise = NULL;

  if (check == NULL || check->program == NULL)
    return;
  if (effect == NULL)
    {
      g_autofree char *exact = eqs_spec_dup_exact_of (check->typed);

      promise = eqk_typed_guarantee (check->typed).holds == EQK_HOLDS_EXACT ? g_strdup (_("less is shared; exact for all elements of that group"))
                                                                            : g_strdup_printf (_("less is shared; exact for: %s"), exact);
    }
  parameters = g_strdup_printf ("%" PRId64, check->parameters);
  mflop = g_strdup_printf ("%.3f", 2e-6 * check->macs);
  arena = g_strdup_printf ("%zu", check->arena_bytes);
  eqs_book_row (self->book, name, parameters, mflop, arena, effect != NULL ? effect : promise, advice, NULL);
  self->n_alternatives++;
}

static void
write_scaled (EqsSpecWriter *self, double factor, const char *name, const char *effect, const char *advice)
{
  g_autoptr (EqsDocument) copy = eqs_document_dup (self->document);

  if (eqs_widths_scale (copy, factor, NULL))
    alternative (self, name, copy, effect, advice);
}

/* Subgroups: half the steps of rotation, and no mirrors. */
static void
write_subgroup (EqsSpecWriter *self, const char *id)
{
  g_autoptr (EqsDocument) copy = eqs_document_dup (self->document);
  const EqkGroup         *sub = eqk_group_get (id);
  g_autofree char        *name = NULL;

  if (sub == NULL || sub == self->symmetry.group || !eqk_group_contains (self->symmetry.group, sub) || !eqs_document_set_symmetry (copy, id, -1, NULL, NULL))
    return;
  name = g_strdup_printf (_("Group %s, the same fields"), eqk_group_get_notation (sub));
  alternative (self, name, copy, NULL, _("when the data break the rest of the symmetry"));
}

static void
write_alternatives (EqsSpecWriter *self)
{
  const EqkGroup  *group = self->symmetry.group;
  g_autofree char *half = g_strdup_printf ("%s%d", eqk_group_has_mirror (group) ? "D" : "C", MAX (eqk_group_get_n (group) / 2, 1));
  g_autofree char *turns = g_strdup_printf ("C%d", MAX (eqk_group_get_n (group), 1));

  eqs_book_text (self->book, "%s", _("Alternatives. Counts are computed from the changed design; effects are rules of thumb."));
  eqs_book_table (self->book, _("Variant|Parameters|MFLOP|Arena in bytes|Expected effect|Recommended"));
  write_scaled (self, 0.5, _("Half width"), _("a quarter of the cost; somewhat less accurate"), _("for small devices"));
  write_scaled (self, 0.75, _("Three quarters of the width"), _("about half the cost; hardly less accurate"), _("when the limit is near"));
  write_scaled (self, 1.5, _("One and a half times the width"), _("about twice the cost; more accurate with enough data"), _("when data are plenty"));
  if (eqk_group_get_space_dim (group) == 2 && eqk_group_is_finite (group))
    {
      write_subgroup (self, half);
      write_subgroup (self, turns);
    }
  for (guint i = 0; self->answer != NULL && i < self->answer->candidates->len; i++)
    {
      const EqsCandidate *c = g_ptr_array_index (self->answer->candidates, i);

      if (c->design != NULL && (self->family == NULL || strcmp (c->id, self->family->id) != 0))
        alternative (self, c->title, c->design, _("another family for the same question"), c->prefer_when);
    }
}

void
eqs_spec_write_efficiency (EqsSpecWriter *self)
{
  EqsBook           *b = self->book;
  const EqsNodeCost *dominant = NULL;

  eqs_book_section (b, _("Efficiency"));
  for (guint i = 0; i < self->check->nodes->len; i++)
    if (dominant == NULL || g_array_index (self->check->nodes, EqsNodeCost, i).macs > dominant->macs)
      dominant = &g_array_index (self->check->nodes, EqsNodeCost, i);
  eqs_book_figure (b, EQS_COMPUTED, _("Work for one sample"), "%.3f MFLOP", 2e-6 * self->check->macs);
  eqs_book_figure (b, EQS_COMPUTED, _("Peak memory of inference, one sample"), "%zu bytes", self->check->arena_bytes);
  eqs_book_figure (b, EQS_COMPUTED, _("Memory of a training step"), "%zu bytes", self->check->train_arena_bytes);
  if (dominant != NULL && self->check->macs > 0)
    eqs_book_figure (b, EQS_COMPUTED, _("Most work in"), "%s, %.0f %%", dominant->id, 100 * dominant->macs / self->check->macs);
  eqs_book_figure (b, EQS_RULE_OF_THUMB, _("Cost grows with"), _("the square of the width%s%s"), self->family == NULL ? "" : _(", and "), self->family == NULL ? "" : _(self->family->scaling));
  write_alternatives (self);
  eqs_book_text (b, "%s", _("What saves work or memory:"));
  if (eqs_spec_get_dim (self) == 3)
    eqs_book_text (b, "%s", _("- a degree less saves most: couplings grow with its sixth power, and coupling tables are made once, sparse, when the design is compiled;\n"
                              "- products channel by channel (tp_uvu) in place of all with all (tp_fully_connected), with a linear map behind them;\n"
                              "- a list of neighbours with a margin is used again until an atom has moved by half the margin;\n"
                              "- batches by numbers of edges, not of samples, keep memory even; arenas are planned once and used again in every step;\n"
                              "- float32 for features, float64 for the sum of energies, as here; lower precision harms harmonics and radial functions first."));
  else if (eqs_spec_get_dim (self) == 2)
    eqs_book_text (b, "%s", _("- filters are expanded once after training, so inference costs what ordinary layers of the same channels cost;\n"
                              "- the exported program can keep weights as coefficients and expand them at start, which saves flash;\n"
                              "- batches of 8 and more use the processor better than single samples, in training and evaluation;\n"
                              "- narrower fields at the largest extents save most, since work there grows with the pixels."));
  else
    eqs_book_text (b, "%s", _("- rows of a batch lie one after the other without padding, so samples of different size cost what they have;\n"
                              "- neighbours' messages are summed as they are made: what is kept grows with nodes, not with edges;\n"
                              "- attention between all elements grows with their square: learned points between (ISAB) make it linear;\n"
                              "- batches of 8 and more use the processor better than single samples, in training and evaluation."));
}
