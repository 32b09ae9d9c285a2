/*
 * The specification, section by section as the design guide asks (§5.1). All comes from the typed graph, the program, the guide
 * and the audit; nothing is typed in here that a design could contradict. Alternatives are made and counted, not guessed.
 */

#include "services/spec.h"

#include "model/atomic.h"
#include "model/compile.h"
#include "model/file.h"
#include "model/widths.h"
#include "services/export.h"
#include "services/guide-families.h"
#include "services/guide.h"
#include "services/spec-book.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

typedef struct
{
  EqsModel       *model;
  EqsDocument    *document;    /* borrowed */
  const EqsMap   *audit;       /* NULL: not run */
  const EqsMap   *spec;        /* section of the document; may be NULL */
  EqsCheck       *check;       /* owned */
  EqsAnswer      *answer;      /* owned (nullable): what the guide says of the same question */
  const EqsFamily *family;     /* NULL: not known */
  EqkSymmetry     symmetry;
  EqsBook        *book;        /* owned */
  guint           n_alternatives;
} Writer;

static void
writer_clear (Writer *self)
{
  g_clear_pointer (&self->check, eqs_check_unref);
  g_clear_pointer (&self->answer, eqs_answer_free);
  g_clear_pointer (&self->book, eqs_book_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Writer, writer_clear)

static const char *
stated (const EqsMap *map, const char *key)
{
  const char *text = eqs_map_get_string (map, key, NULL);

  return text == NULL || *text == '\0' ? _("not stated") : text;
}

static const char *
yes_no (gboolean flag)
{
  return flag ? _("yes") : _("no");
}

static char *
dup_number (double number)
{
  return isfinite (number) ? g_strdup_printf ("%.3g", number) : g_strdup (_("not measured"));
}

static const EqkLayerType *
layer_of (const EqsNodeCost *cost)
{
  return eqk_layer_find (cost->layer);
}

static const EqkPortType *
type_of (const Writer *self, const EqsNodeCost *cost, const char *port)
{
  return cost->kernel_node < 0 ? NULL : eqk_typed_output (self->check->typed, cost->kernel_node, port);
}

/* What comes into the first input of a node of the main graph. */
static const EqkPortType *
incoming (const Writer *self, const EqsNodeCost *cost)
{
  EqsGraph *graph = eqs_document_get_graph (self->document, NULL);
  const int link = eqs_graph_find_link (graph, NULL, NULL, cost->id, NULL);

  for (guint i = 0; link >= 0 && i < self->check->nodes->len; i++)
    if (strcmp (g_array_index (self->check->nodes, EqsNodeCost, i).id, eqs_graph_get_link (graph, (guint) link)->from_node) == 0)
      return type_of (self, &g_array_index (self->check->nodes, EqsNodeCost, i), eqs_graph_get_link (graph, (guint) link)->from_port);
  return NULL;
}

static char *
dup_type (const EqkPortType *type)
{
  char space[64];

  if (type == NULL)
    return g_strdup ("–");
  eqk_space_text (&type->space, space, sizeof space);
  return g_strdup_printf ("%s, %s", eqk_rep_get_text (type->rep), space);
}

static const char *
holds_text (const EqkPortType *type)
{
  if (type == NULL)
    return _("not known");
  return type->guarantee.holds == EQK_HOLDS_EXACT ? _("exact") : type->guarantee.holds == EQK_HOLDS_PARTLY ? _("exact on a subgroup") : _("broken");
}

/* Names of the elements that hold exactly at the results of a design. */
static char *
dup_exact_of (const EqkTyped *typed)
{
  const EqkGroup    *group = eqk_graph_get_symmetry (eqk_typed_graph (typed))->group;
  const EqkGuarantee guarantee = eqk_typed_guarantee (typed);
  const uint64_t     full = eqk_guarantee_full_mask (group);
  GString           *text = g_string_new (NULL);

  if (guarantee.holds == EQK_HOLDS_EXACT)
    return g_string_free (g_string_append (text, _("all elements")), FALSE);
  for (int bit = 0; bit < 64; bit++)
    if ((full & guarantee.exact) >> bit & 1)
      {
        const EqkElement g = eqk_guarantee_element (group, bit);
        char             name[48];

        eqk_group_element_name (group, &g, name, sizeof name);
        g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "", name);
      }
  return g_string_free (text->len > 0 ? text : g_string_append (text, _("none")), FALSE);
}

static char *
dup_exact_elements (const Writer *self)
{
  return dup_exact_of (self->check->typed);
}

/* The largest of a number over elements that the grid maps onto itself, or over the angles between. */
static double
largest_of (const EqsMap *audit, const char *key, gboolean on_grid)
{
  const EqsValue *list = eqs_map_get (audit, "elements");
  double          largest = NAN;

  for (guint i = 0; list != NULL && i < eqs_value_get_length (list); i++)
    {
      const EqsMap *element = eqs_value_get_map (eqs_value_get_item (list, i));
      const double  value = eqs_map_get_number (element, key, NAN);

      if (eqs_map_get_bool (element, "on_grid", TRUE) == on_grid && isfinite (value))
        largest = isfinite (largest) ? MAX (largest, value) : value;
    }
  return largest;
}

/* What the verdict rests on: elements of the grid have one limit, angles between them others. */
static void
write_measured (Writer *self)
{
  EqsBook     *b = self->book;
  const double worst = eqs_map_get_number (self->audit, "worst", NAN), between = largest_of (self->audit, "median_s", FALSE);
  const double median_limit = eqs_map_get_number (self->audit, "threshold_median_s", NAN);

  eqs_book_figure (b, EQS_MEASURED, _("Equivariance"), "%s", eqs_map_get_string (self->audit, "verdict", "?"));
  if (isfinite (worst))
    eqs_book_figure (b, EQS_MEASURED, isfinite (between) ? _("Largest error, elements that the grid maps onto itself") : _("Largest error over all elements"), "%.2g", worst);
  if (!isfinite (between))
    return;
  if (isfinite (median_limit))
    eqs_book_figure (b, EQS_MEASURED, _("Angles between: error over the answer's own change"), _("median %.2g, largest %.2g (limits %.2g and %.2g)"), between,
                     largest_of (self->audit, "worst_s", FALSE), median_limit, eqs_map_get_number (self->audit, "threshold_worst_s", NAN));
  else
    eqs_book_figure (b, EQS_MEASURED, _("Angles between: error over the answer's own change"), _("median %.2g, largest %.2g (no limit: a stride aliases)"), between,
                     largest_of (self->audit, "worst_s", FALSE));
}

/* ---- 0 summary ---- */

static void
write_summary (Writer *self)
{
  EqsBook         *b = self->book;
  g_autofree char *elements = dup_exact_elements (self);

  eqs_book_section (b, _("Summary"));
  if (self->audit != NULL)
    write_measured (self);
  else
    eqs_book_text (b, "%s", _("The equivariance has not been measured for this document; `equi audit` does it."));
  eqs_book_figure (b, EQS_COMPUTED, _("Exact by the types for"), "%s", elements);
  eqs_book_figure (b, EQS_COMPUTED, _("Parameters"), "%" PRId64, self->check->parameters);
  eqs_book_figure (b, EQS_COMPUTED, _("Work for one sample"), "%.3f MMAC = %.3f MFLOP", 1e-6 * self->check->macs, 2e-6 * self->check->macs);
  eqs_book_figure (b, EQS_COMPUTED, _("Weights"), "%zu bytes", self->check->weight_bytes);
  eqs_book_figure (b, EQS_COMPUTED, _("Arena of the exported program"), "%zu bytes", self->check->arena_bytes);
  eqs_book_figure (b, EQS_STATED, _("Library"), "libeqk %s%s%s", EQS_VERSION, self->family == NULL ? "" : _(", to compare with: "),
                   self->family == NULL ? "" : self->family->library);
  eqs_book_figure (b, EQS_STATED, _("Weights are"), "%s", self->model->trained ? _("trained") : _("those of the initialiser: never trained"));
}

/* ---- 1 symmetry ---- */

static void
write_structure (Writer *self)
{
  EqsBook        *b = self->book;
  const EqkGroup *group = self->symmetry.group;
  const char     *notation = eqk_group_get_notation (group);

  eqs_book_figure (b, EQS_STATED, _("Group"), "%s – %s", notation, _(eqk_group_get_title (group)));
  if (eqk_group_is_finite (group))
    eqs_book_figure (b, EQS_COMPUTED, _("Order"), "%d", eqk_group_get_order (group));
  else
    eqs_book_figure (b, EQS_COMPUTED, _("Order"), "%s", _("infinite"));
  eqs_book_figure (b, EQS_COMPUTED, _("Finite, abelian, connected, compact"), "%s, %s, %s, %s", yes_no (eqk_group_is_finite (group)),
                   yes_no (eqk_group_is_abelian (group)), yes_no (eqk_group_is_connected (group)), yes_no (TRUE));
  if (self->symmetry.translations)
    eqs_book_text (b, _("Structure: the semidirect product of shifts with %s, since rotations and mirrors turn shifts."), notation);
  if (eqk_typed_shifts (self->check->typed) == EQK_SHIFTS_PIXELS)
    eqs_book_text (b, "%s", _("Shifts by whole pixels are exact: sizes are the same throughout and borders are circular."));
  else if (eqk_typed_shifts (self->check->typed) == EQK_SHIFTS_INSIDE)
    eqs_book_text (b, "%s", _("Shifts are not exact: filters are the same in all places, but borders that are not circular, or strides, tell places apart."));
  if (eqk_group_has_mirror (group) && eqk_group_get_space_dim (group) == 2)
    eqs_book_text (b, _("%s is itself a semidirect product: a mirror about the axis at %g° inverts rotations. An element is g = r·s: mirror first, then turn."), notation,
                   eqk_group_get_axis_deg (group));
  if (self->symmetry.permutations != EQK_PERMUTE_NONE)
    eqs_book_text (b, "%s", _("Permutations of elements of a sample act beside it: a direct product with Sₙ."));
}

static void
write_actions (Writer *self)
{
  EqsBook *b = self->book;

  eqs_book_table (b, _("Port|Representation|Where|Behaviour"));
  for (guint i = 0; i < self->check->nodes->len; i++)
    {
      const EqsNodeCost  *cost = &g_array_index (self->check->nodes, EqsNodeCost, i);
      const EqkLayerType *layer = layer_of (cost);
      char                space[64];

      if (layer == NULL || (layer->flags & (EQK_LAYER_INPUT | EQK_LAYER_HEAD)) == 0)
        continue;
      for (const EqkPort *port = layer->outputs; port != NULL && port->name != NULL; port++)
        {
          const EqkPortType *type = type_of (self, cost, port->name);
          g_autofree char   *name = g_strdup_printf ("%s.%s", cost->id, port->name);
          gboolean           still = type != NULL && type->space.kind == EQK_SPACE_SAMPLE && eqk_rep_is_trivial (type->rep);

          if (type == NULL)
            continue;
          eqk_space_text (&type->space, space, sizeof space);
          eqs_book_row (b, name, eqk_rep_get_text (type->rep), space,
                        (layer->flags & EQK_LAYER_INPUT) != 0 ? _("input: (g·x)(p) = ρ(g) x(g⁻¹p)") : still ? _("invariant: f(g·x) = f(x)") : _("equivariant: f(g·x) = g·f(x)"),
                        NULL);
        }
    }
}

/* "max_parameters 20000, max_macs 1e6"; NULL: none. */
static char *
dup_limits (const EqsMap *spec)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < eqs_map_get_size (spec); i++)
    if (g_str_has_prefix (eqs_map_get_key (spec, i), "max_"))
      g_string_append_printf (text, "%s%s %.0f", text->len == 0 ? "" : ", ", eqs_map_get_key (spec, i), eqs_map_get_number (spec, eqs_map_get_key (spec, i), 0));
  return text->len == 0 ? NULL : g_string_free (g_steal_pointer (&text), FALSE);
}

static void
write_symmetry (Writer *self)
{
  EqsBook        *b = self->book;
  const EqsValue *questions = eqs_map_get (self->spec, "questionnaire");
  g_autofree char *limits = dup_limits (self->spec);
  g_autofree char *answers = questions == NULL ? NULL : eqs_value_to_text (questions);

  eqs_book_section (b, _("Target symmetry"));
  write_structure (self);
  write_actions (self);
  eqs_book_figure (b, EQS_STATED, _("Symmetry type"), "%s", stated (self->spec, "output"));
  eqs_book_figure (b, EQS_STATED, _("Task"), "%s", stated (self->spec, "task"));
  eqs_book_figure (b, EQS_STATED, _("Domain"), "%s", stated (self->spec, "domain"));
  eqs_book_figure (b, EQS_STATED, _("Constraints"), "%s", limits == NULL ? _("none stated") : limits);
  eqs_book_figure (b, EQS_STATED, _("Evidence"), "%s", answers == NULL ? _("none recorded: the symmetry is the designer's statement, not a test of the data") : answers);
}

/* ---- 2 family ---- */

static void
write_family (Writer *self)
{
  EqsBook         *b = self->book;
  const EqsFamily *family = self->family;
  const char      *why = NULL;
  const EqsValue  *template = eqs_document_get_field (self->document, "template");

  eqs_book_section (b, _("Architecture family"));
  if (family != NULL)
    {
      eqs_book_figure (b, EQS_STATED, _("Family"), "%s", _(family->title));
      eqs_book_figure (b, EQS_STATED, _("Topology"), "%s", _(family->topology));
      eqs_book_text (b, "%s", _(family->reason));
      eqs_book_text (b, _("Prefer it when %s."), _(family->prefer_when));
    }
  else
    eqs_book_text (b, "%s", _("The design belongs to no family of the guide's table, or does not say to which."));
  if (template != NULL)
    why = eqs_map_get_string (eqs_value_get_map (template), "why", NULL);
  if (why != NULL)
    eqs_book_text (b, "%s", why);
  if (self->answer == NULL || self->answer->candidates->len == 0)
    return;
  eqs_book_text (b, "%s", _("Candidates. Scores are rules of thumb: 0.30 match + 0.25 expressiveness + 0.20 efficiency + 0.15 exactness + 0.10 support."));
  eqs_book_table (b, _("Family|Score|Match|Expressiveness|Efficiency|Exactness|Support|Why not|Prefer it when"));
  for (guint i = 0; i < self->answer->candidates->len; i++)
    {
      const EqsCandidate *c = g_ptr_array_index (self->answer->candidates, i);
      const gboolean      taken = family != NULL && strcmp (c->id, family->id) == 0;
      const double        numbers[] = { c->score, c->match, c->expressiveness, c->efficiency, c->exactness, c->support };
      char                cells[6][16];

      for (int k = 0; k < 6; k++)
        g_snprintf (cells[k], sizeof cells[k], "%.2f", numbers[k]);
      eqs_book_row (b, c->title, c->score > 0 ? cells[0] : "–", cells[1], cells[2], cells[3], cells[4], cells[5],
                    taken ? _("taken") : c->rejected == NULL ? _("the designer took another") : c->rejected, c->prefer_when, NULL);
    }
}

/* ---- 3 library ---- */

static void
write_library (Writer *self)
{
  EqsBook *b = self->book;
  guint    own = 0;

  eqs_book_section (b, _("Library"));
  eqs_book_text (b, _("The design runs on libeqk %s, which trains, checks and exports it without other libraries. Where a layer has a counterpart in a usual library, it is named."), EQS_VERSION);
  if (self->family != NULL)
    eqs_book_figure (b, EQS_STATED, _("Library to compare with"), "%s", self->family->library);
  eqs_book_table (b, _("Node|Layer|Counterpart"));
  for (guint i = 0; i < self->check->nodes->len; i++)
    {
      const EqsNodeCost  *cost = &g_array_index (self->check->nodes, EqsNodeCost, i);
      const EqkLayerType *layer = layer_of (cost);

      own += layer == NULL || layer->exports == NULL;
      eqs_book_row (b, cost->id, cost->layer, layer == NULL || layer->exports == NULL ? _("none: a module of its own") : layer->exports, NULL);
    }
  eqs_book_figure (b, EQS_COMPUTED, _("Nodes without a counterpart"), "%u", own);
}

/* ---- 4 layers ---- */

static const struct { const char *category, *rejected; } rejected[] = {
  { "Convolution", N_("an ordinary convolution: its filters look different in each pose (E-PLAIN-CONV)") },
  { "Non-linearity", N_("a function of single components of arrows: turning the input changes the result (E-RELU-ON-VECTOR)") },
  { "Normalisation", N_("statistics for each channel: the channels of one field would be treated differently (E-BN-COMPONENT)") },
  { "Pooling", N_("strides that leave pixels over: the grid moves off its centre (W-STRIDE-ASYM)") },
  { "Head", N_("an MLP on what still carries orientation (E-MLP-ON-IRREP)") },
  { "Structure", N_("joining by interleaved channels: fields would be torn apart (E-SPLIT-FIELD)") },
  { "Input", N_("components of arrows as plain channels (W-VECTOR-CHANNELS-TRIV)") },
};

static gboolean
has_param (const EqkLayerType *layer, const char *name)
{
  for (const EqkParam *p = layer->params; p != NULL && p->name != NULL; p++)
    if (strcmp (p->name, name) == 0)
      return TRUE;
  return FALSE;
}

/* An alternative is one only where the layer could have made that choice: plain channels, no window or no arrows leave none. */
static gboolean
is_alternative (const Writer *self, const EqsNodeCost *cost, const EqkLayerType *layer)
{
  const EqkPortType *in = incoming (self, cost), *out = type_of (self, cost, NULL);
  const EqkPortType *type = in != NULL ? in : out;
  const gboolean     grid = type != NULL && type->space.kind == EQK_SPACE_GRID, plain = g_str_has_suffix (layer->id, "_plain");
  const gboolean     directed = type != NULL && !eqk_rep_is_trivial (type->rep);

  if (plain || eqk_group_get_order (self->symmetry.group) == 1)
    return FALSE;
  if (strcmp (layer->category, "Convolution") == 0)
    return grid && has_param (layer, "k");
  if (strcmp (layer->category, "Pooling") == 0)
    return grid && has_param (layer, "stride");
  if (strcmp (layer->category, "Structure") == 0)
    return strcmp (layer->id, "concat") == 0 && directed;
  if (strcmp (layer->category, "Head") == 0)
    return strcmp (layer->id, "mlp_head") == 0;
  return directed;
}

static const char *
rejected_for (const Writer *self, const EqsNodeCost *cost, const EqkLayerType *layer)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rejected); i++)
    if (strcmp (rejected[i].category, layer->category) == 0 && is_alternative (self, cost, layer))
      return _(rejected[i].rejected);
  return "–";
}

static char *
dup_settings (const Writer *self, const EqsNodeCost *cost)
{
  const EqsNode *node = eqs_document_find_node (self->document, cost->id);
  const EqsMap  *params = node == NULL ? NULL : eqs_node_get_params (node);
  GString       *text = g_string_new (NULL);

  for (guint i = 0; params != NULL && i < eqs_map_get_size (params); i++)
    {
      g_autofree char *value = eqs_value_to_text (eqs_map_get_value (params, i));

      g_string_append_printf (text, "%s%s=%s", i > 0 ? " " : "", eqs_map_get_key (params, i), value);
    }
  return g_string_free (text->len > 0 ? text : g_string_append (text, _("defaults")), FALSE);
}

static const char *
title_of (const Writer *self, const EqsNodeCost *cost)
{
  const EqsNode *node = eqs_document_find_node (self->document, cost->id);
  const char    *title = node == NULL ? NULL : eqs_node_get_title (node);

  return title != NULL ? title : layer_of (cost) != NULL ? _(layer_of (cost)->title) : cost->id;
}

static void
write_layers (Writer *self)
{
  EqsBook              *b = self->book;
  g_autoptr (GHashTable) told = g_hash_table_new (g_str_hash, g_str_equal);

  eqs_book_section (b, _("Layer specification"));
  eqs_book_text (b, "%s", _("Parameters and work are computed from what is allocated and run; the guarantee is that of the types."));
  eqs_book_table (b, _("No.|Name|Layer|Input|Output|Settings|Parameters|MFLOP|Guarantee"));
  for (guint i = 0; i < self->check->nodes->len; i++)
    {
      const EqsNodeCost *cost = &g_array_index (self->check->nodes, EqsNodeCost, i);
      const EqkPortType *out = type_of (self, cost, NULL);
      g_autofree char   *in_text = dup_type (incoming (self, cost)), *out_text = dup_type (out), *settings = dup_settings (self, cost);
      g_autofree char   *number = g_strdup_printf ("%u", i + 1), *parameters = g_strdup_printf ("%" PRId64, cost->parameters);
      g_autofree char   *mflop = g_strdup_printf ("%.3f", 2e-6 * cost->macs), *name = g_strdup_printf ("%s (%s)", title_of (self, cost), cost->id);

      eqs_book_row (b, number, name, cost->layer, in_text, out_text, settings, parameters, mflop, holds_text (out), NULL);
    }
  eqs_book_text (b, "%s", _("Why each layer, and what was not taken in its place:"));
  eqs_book_table (b, _("Layer|Rationale|Not taken"));
  for (guint i = 0; i < self->check->nodes->len; i++)
    {
      const EqsNodeCost  *cost = &g_array_index (self->check->nodes, EqsNodeCost, i);
      const EqkLayerType *layer = layer_of (cost);

      if (layer != NULL && g_hash_table_add (told, (char *) layer->id))
        eqs_book_row (b, _(layer->title), layer->doc == NULL ? "" : _(layer->doc), rejected_for (self, cost, layer), NULL);
    }
}

/* ---- 5 flow ---- */

/* "4x triv + 4x f1 + 4x f2": a field's irreps, times its copies. */
static char *
dup_irreps (const EqkRep *rep)
{
  GString *text = g_string_new (NULL);
  g_autoptr (GHashTable) counts = g_hash_table_new (NULL, NULL);
  g_autoptr (GPtrArray)  order = g_ptr_array_new ();

  for (int r = 0; r < eqk_rep_n_runs (rep); r++)
    {
      const EqkRepRun run = eqk_rep_run (rep, r);

      for (int k = 0; k < eqk_field_n_irreps (run.field); k++)
        {
          gpointer irrep = (gpointer) eqk_field_irrep (run.field, k);

          if (!g_hash_table_contains (counts, irrep))
            g_ptr_array_add (order, irrep);
          g_hash_table_insert (counts, irrep, GINT_TO_POINTER (GPOINTER_TO_INT (g_hash_table_lookup (counts, irrep)) + run.mul));
        }
    }
  for (guint i = 0; i < order->len; i++)
    g_string_append_printf (text, "%s%dx %s", i > 0 ? " + " : "", GPOINTER_TO_INT (g_hash_table_lookup (counts, order->pdata[i])),
                            eqk_field_get_name (order->pdata[i]));
  return g_string_free (text, FALSE);
}

static void
write_flow (Writer *self)
{
  EqsBook            *b = self->book;
  EqsGraph           *graph = eqs_document_get_graph (self->document, NULL);
  g_autoptr (GString) flow = g_string_new (NULL);

  eqs_book_section (b, _("Representation flow"));
  for (guint i = 0; i < eqs_graph_get_n_links (graph); i++)
    {
      const EqsLink *link = eqs_graph_get_link (graph, i);

      for (guint k = 0; k < self->check->nodes->len; k++)
        {
          const EqsNodeCost *cost = &g_array_index (self->check->nodes, EqsNodeCost, k);

          if (strcmp (cost->id, link->from_node) == 0)
            {
              g_autofree char *text = dup_type (type_of (self, cost, link->from_port));

              g_string_append_printf (flow, "%s%s --[%s]--> %s.%s", flow->len > 0 ? "\n" : "", link->from_node, text, link->to_node, link->to_port);
            }
        }
    }
  eqs_book_code (b, flow->str);
  eqs_book_text (b, "%s", _("Irreducible parts of every stage:"));
  eqs_book_table (b, _("Node|Channels|Irreps"));
  for (guint i = 0; i < self->check->nodes->len; i++)
    {
      const EqsNodeCost *cost = &g_array_index (self->check->nodes, EqsNodeCost, i);
      const EqkPortType *out = type_of (self, cost, NULL);
      g_autofree char   *channels = out == NULL ? NULL : g_strdup_printf ("%d", eqk_rep_get_dim (out->rep));
      g_autofree char   *irreps = out == NULL ? NULL : dup_irreps (out->rep);

      if (out != NULL)
        eqs_book_row (b, cost->id, channels, irreps, NULL);
    }
  eqs_book_text (b, "%s", _("`equi render` draws this flow."));
}

/* ---- 6 parameters ---- */

/* What ordinary convolutions of the same windows and channels would take, in place of the layers that have a window. */
static gint64
ordinary_parameters (const Writer *self, gint64 *replaced)
{
  gint64 sum = 0;

  *replaced = 0;
  for (guint i = 0; i < self->check->nodes->len; i++)
    {
      const EqsNodeCost  *cost = &g_array_index (self->check->nodes, EqsNodeCost, i);
      const EqkLayerType *layer = layer_of (cost);
      const EqkPortType  *in = incoming (self, cost), *out = type_of (self, cost, NULL);
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

static void
write_parameters (Writer *self)
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
  if (ordinary > 0)
    eqs_book_figure (b, EQS_COMPUTED, _("The same channels and windows without symmetry"), _("%" PRId64 " instead of %" PRId64 ": %.1f times as many"), ordinary, replaced,
                     (double) ordinary / MAX ((double) replaced, 1));
}

/* ---- 7 efficiency ---- */

/* @param effect  NULL: what the types of the changed design promise */
static void
alternative (Writer *self, const char *name, EqsDocument *document, const char *effect, const char *advice)
{
  g_autoptr (EqsCheck) check = document == NULL ? NULL : eqs_check_new (document, NULL);
  g_autofree char     *parameters = NULL, *mflop = NULL, *arena = NULL, *promise = NULL;

  if (check == NULL || check->program == NULL)
    return;
  if (effect == NULL)
    {
      g_autofree char *exact = dup_exact_of (check->typed);

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
write_scaled (Writer *self, double factor, const char *name, const char *effect, const char *advice)
{
  g_autoptr (EqsDocument) copy = eqs_document_dup (self->document);

  if (eqs_widths_scale (copy, factor, NULL))
    alternative (self, name, copy, effect, advice);
}

/* Subgroups: half the steps of rotation, and no mirrors. */
static void
write_subgroup (Writer *self, const char *id)
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
write_alternatives (Writer *self)
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

static void
write_efficiency (Writer *self)
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
  eqs_book_text (b, "%s", _("- filters are expanded once after training, so inference costs what ordinary layers of the same channels cost;\n"
                            "- the exported program can keep weights as coefficients and expand them at start, which saves flash;\n"
                            "- batches of 8 and more use the processor better than single samples, in training and evaluation;\n"
                            "- narrower fields at the largest extents save most, since work there grows with the pixels."));
}

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
write_validation (Writer *self)
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
write_run (Writer *self)
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

static void
write_training (Writer *self)
{
  EqsBook      *b = self->book;
  const EqsMap *training = eqs_document_get_section (self->document, EQS_SECTION_TRAINING);

  eqs_book_section (b, _("Training guidance"));
  if (training == NULL)
    eqs_book_text (b, "%s", _("The design states no plan; the trainer's defaults hold."));
  for (guint i = 0; training != NULL && i < eqs_map_get_size (training); i++)
    {
      g_autofree char *value = eqs_value_to_text (eqs_map_get_value (training, i));

      eqs_book_figure (b, EQS_STATED, eqs_map_get_key (training, i), "%s", value);
    }
  write_run (self);
  eqs_book_text (b, "%s", _("Rules of thumb: weights start by He's rule for steerable kernels; statistics of the data come from the training part alone; copies of one sample that are turned "
                            "differently belong into the same part; augmentation by angles that the guarantee does not cover helps, by those it covers it changes nothing; the model is chosen "
                            "by the validation part, and the test part is read once; the symmetry error is shown while training."));
}

/* ---- 9 verification ---- */

static void
audit_figure (Writer *self, const char *name, const char *key, const char *limit)
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
audit_list (Writer *self, const char *key, const char *id, const char *between)
{
  const EqsValue *list = eqs_map_get (self->audit, key);

  for (guint i = 0; list != NULL && i < eqs_value_get_length (list); i++)
    {
      const EqsMap    *item = eqs_value_get_map (eqs_value_get_item (list, i));
      g_autofree char *error = dup_number (eqs_map_get_number (item, "error", NAN)), *f64 = dup_number (eqs_map_get_number (item, "error_f64", NAN));
      g_autofree char *apart = eqs_map_get_bool (item, "on_grid", FALSE) || !isfinite (eqs_map_get_number (item, between, NAN)) ? g_strdup ("–") : dup_number (eqs_map_get_number (item, between, NAN));
      const char      *verdict = eqs_map_get_string (item, "verdict", NULL);

      eqs_book_row (self->book, eqs_map_get_string (item, id, ""), error, f64, apart,
                    verdict != NULL ? verdict : eqs_map_get (item, "promised") == NULL ? "–" : yes_no (eqs_map_get_bool (item, "promised", FALSE)), NULL);
    }
}

static void
write_verification (Writer *self)
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
  write_measured (self);
  if (eqs_map_get_string (self->audit, "reason", NULL) != NULL)
    eqs_book_text (b, "%s", eqs_map_get_string (self->audit, "reason", ""));
  audit_figure (self, _("Largest error, kernels in use"), "worst", "threshold");
  audit_figure (self, _("Largest error, direct kernels"), "worst_direct", "threshold_direct");
  audit_figure (self, _("Largest error, float64"), "worst_f64", "threshold_f64");
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

static void
write_implementation (Writer *self)
{
  eqs_book_section (self->book, _("Implementation"));
  eqs_book_text (self->book, _("Dependencies: Equistudio %s (libeqk, equi). The exported C needs a C11 compiler and libm, nothing else."), EQS_VERSION);
  eqs_book_code (self->book, "equi check design.equi\n"
                             "equi train design.equi --data DATA -o run\n"
                             "equi eval run/best.safetensors --data DATA --split test --transform quarter\n"
                             "equi audit run/best.safetensors\n"
                             "equi export run/best.safetensors --format c -o c\n"
                             "cc -std=c11 -O2 -o selftest c/model.c c/model_weights.c c/selftest.c -lm && ./selftest");
  eqs_book_text (self->book, "%s", _("The design file holds all that the commands need; its fields are described by data/equi.schema.json. The table of section 3 maps nodes to classes of the usual "
                                     "libraries. The complete inference code is what the export writes; its self-test checks 16 recorded outputs and the symmetry."));
}

static void
write_deployment (Writer *self)
{
  EqsBook *b = self->book;

  eqs_book_section (b, _("Deployment"));
  eqs_book_text (b, "%s", _("Formats: standalone C (`--format c`) with its self-test, weights as safetensors (`--format weights`), this specification."));
  eqs_book_text (b, "%s", _("Precision: float32; the same sources run in float64 for checking. The same seed and build give the same weights bit for bit, whatever the number of threads."));
  eqs_book_text (b, "%s", _("Input contract: extents, channels and their order are those of the input ports in section 1, scaled as in training; pictures are centred, and a resize before the network has "
                            "to align corners, or the grid moves off its centre."));
  eqs_book_text (b, "%s", _("At start, run the self-test of the exported code, or transform one input by three elements and compare."));
  eqs_book_text (b, "%s", _("Limits: inputs unlike the training data are not recognised as such; angles outside the exact elements of section 0 hold approximately at best."));
}

static void
write_risks (Writer *self)
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

static void
write_references (Writer *self)
{
  g_autoptr (GHashTable) told = g_hash_table_new (g_str_hash, g_str_equal);

  eqs_book_section (self->book, _("References"));
  eqs_book_text (self->book, "%s", _("- Kondor and Trivedi 2018: equivariant linear maps of compact groups are convolutions."));
  for (guint i = 0; i < self->check->nodes->len; i++)
    {
      const EqkLayerType *layer = layer_of (&g_array_index (self->check->nodes, EqsNodeCost, i));
      const char         *source = layer == NULL || layer->doc == NULL ? NULL : strstr (_(layer->doc), "Source: ");

      if (source != NULL && g_hash_table_add (told, (char *) layer->id))
        eqs_book_text (self->book, "- %s: %s", _(layer->title), source + strlen ("Source: "));
    }
}

/* ---- the machine's part ---- */

static EqsValue *
list_of (GPtrArray *values)
{
  EqsValue *list = eqs_value_new_list ((EqsValue *const *) values->pdata, values->len);

  g_ptr_array_unref (values);
  return list;
}

static GPtrArray *
values_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) eqs_value_unref);
}

static void
set_text (EqsMap *map, const char *key, const char *text)
{
  eqs_map_set (map, key, text == NULL ? eqs_value_new_null () : eqs_value_new_string (text));
}

static EqsValue *
nodes_of (const Writer *self)
{
  GPtrArray *items = values_new ();

  for (guint i = 0; i < self->check->nodes->len; i++)
    {
      const EqsNodeCost  *cost = &g_array_index (self->check->nodes, EqsNodeCost, i);
      const EqkLayerType *layer = layer_of (cost);
      const EqsNode      *node = eqs_document_find_node (self->document, cost->id);
      EqsMap             *map = eqs_map_new ();
      GPtrArray          *ports = values_new ();

      set_text (map, "id", cost->id);
      set_text (map, "title", title_of (self, cost));
      set_text (map, "layer", cost->layer);
      if (node != NULL && eqs_node_get_params (node) != NULL)
        eqs_map_set (map, "params", eqs_value_new_object (eqs_map_copy (eqs_node_get_params (node))));
      for (const EqkPort *port = layer == NULL ? NULL : layer->outputs; port != NULL && port->name != NULL; port++)
        {
          const EqkPortType *type = type_of (self, cost, port->name);
          g_autofree char   *irreps = type == NULL ? NULL : dup_irreps (type->rep);
          EqsMap            *out = eqs_map_new ();
          char               space[64] = "";

          if (type != NULL)
            eqk_space_text (&type->space, space, sizeof space);
          set_text (out, "name", port->name);
          set_text (out, "representation", type == NULL ? NULL : eqk_rep_get_text (type->rep));
          set_text (out, "irreps", irreps);
          set_text (out, "where", type == NULL ? NULL : space);
          set_text (out, "guarantee", holds_text (type));
          g_ptr_array_add (ports, eqs_value_new_object (out));
        }
      eqs_map_set (map, "ports", list_of (ports));
      eqs_map_set (map, "parameters", eqs_value_new_number ((double) cost->parameters));
      eqs_map_set (map, "macs", eqs_value_new_number (cost->macs));
      g_ptr_array_add (items, eqs_value_new_object (map));
    }
  return list_of (items);
}

static EqsValue *
edges_of (const Writer *self)
{
  EqsGraph  *graph = eqs_document_get_graph (self->document, NULL);
  GPtrArray *items = values_new ();

  for (guint i = 0; i < eqs_graph_get_n_links (graph); i++)
    {
      const EqsLink   *link = eqs_graph_get_link (graph, i);
      g_autofree char *from = g_strdup_printf ("%s.%s", link->from_node, link->from_port), *to = g_strdup_printf ("%s.%s", link->to_node, link->to_port);
      EqsMap          *map = eqs_map_new ();

      set_text (map, "from", from);
      set_text (map, "to", to);
      g_ptr_array_add (items, eqs_value_new_object (map));
    }
  return list_of (items);
}

static EqsValue *
lints_of (const Writer *self)
{
  GPtrArray *items = values_new ();

  for (guint i = 0; i < self->check->problems->len; i++)
    {
      const EqsProblem *problem = g_ptr_array_index (self->check->problems, i);
      EqsMap           *map = eqs_map_new ();

      set_text (map, "code", problem->code);
      set_text (map, "severity", eqs_severity_name (problem->severity));
      set_text (map, "blocks", eqs_blocks_name (problem->blocks));
      set_text (map, "node", problem->node);
      set_text (map, "message", problem->message);
      g_ptr_array_add (items, eqs_value_new_object (map));
    }
  return list_of (items);
}

/* What is not there, by name: a document can be complete only of what was measured. */
static void
put_parts (const Writer *self, EqsMap *map)
{
  const struct { gboolean there; const char *name; } parts[] = {
    { self->family != NULL, _("the family") },
    { self->answer != NULL && self->answer->candidates->len > 0, _("candidates") },
    { self->check->program != NULL, _("counts of a program that runs") },
    { self->n_alternatives > 0, _("alternatives") },
    { self->model->trained, _("training") },
    { self->audit != NULL, _("the audit") },
  };
  g_autoptr (GString) missing = g_string_new (NULL);
  guint               n = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    if (parts[i].there)
      n++;
    else
      g_string_append_printf (missing, "%s%s", missing->len > 0 ? ", " : "", parts[i].name);
  eqs_map_set (map, "parts", eqs_value_new_number (n));
  eqs_map_set (map, "of_parts", eqs_value_new_number (G_N_ELEMENTS (parts)));
  set_text (map, "missing", missing->len > 0 ? missing->str : NULL);
}

/* What the document has of what the design guide asks for, by presence: a row gets 5 only where everything was computed or measured. For programs. */
static EqsValue *
self_check (const Writer *self)
{
  const double match = self->family == NULL ? 2 : self->answer == NULL ? 3 : 5;
  const double layers = self->check->program == NULL ? 2 : 5;
  const double code = self->audit != NULL && self->model->trained ? 5 : self->audit != NULL || self->model->trained ? 4 : 3;
  const double efficiency = self->check->program == NULL ? 1 : self->n_alternatives >= 3 ? 5 : 3;
  const double complete = self->audit != NULL ? 5 : 4;
  EqsMap      *map = eqs_map_new ();

  eqs_map_set (map, "group_match", eqs_value_new_number (match));
  eqs_map_set (map, "layer_design", eqs_value_new_number (layers));
  eqs_map_set (map, "implementation", eqs_value_new_number (code));
  eqs_map_set (map, "efficiency", eqs_value_new_number (efficiency));
  eqs_map_set (map, "completeness", eqs_value_new_number (complete));
  eqs_map_set (map, "weighted", eqs_value_new_number (round (100 * (0.30 * match + 0.25 * layers + 0.20 * code + 0.15 * efficiency + 0.10 * complete)) / 100));
  eqs_map_set (map, "of", eqs_value_new_number (5));
  put_parts (self, map);
  return eqs_value_new_object (map);
}

static EqsMap *
provenance_of (const Writer *self)
{
  EqsMap               *map = eqs_map_new ();
  g_autoptr (GDateTime) now = g_getenv ("SOURCE_DATE_EPOCH") == NULL ? g_date_time_new_now_utc ()
                                                                     : g_date_time_new_from_unix_utc (g_ascii_strtoll (g_getenv ("SOURCE_DATE_EPOCH"), NULL, 10));
  g_autofree char      *date = g_date_time_format_iso8601 (now), *hash = eqs_document_dup_hash (self->document);
  g_autofree char      *text = eqs_export_dup_provenance (self->model);

  set_text (map, "program", "Equistudio " EQS_VERSION);
  set_text (map, "design_hash", hash);
  set_text (map, "date", date);
  eqs_map_set (map, "trained", eqs_value_new_bool (self->model->trained));
  set_text (map, "text", text);
  return map;
}

static EqsMap *
summary_of (const Writer *self)
{
  EqsMap          *map = eqs_map_new ();
  g_autofree char *exact = dup_exact_elements (self);

  set_text (map, "verdict", self->audit == NULL ? NULL : eqs_map_get_string (self->audit, "verdict", NULL));
  set_text (map, "exact_elements", exact);
  set_text (map, "family", self->family == NULL ? NULL : self->family->id);
  set_text (map, "group", eqk_group_get_id (self->symmetry.group));
  return map;
}

static EqsMap *
counts_of (const Writer *self)
{
  EqsMap *map = eqs_map_new ();

  eqs_map_set (map, "parameters", eqs_value_new_number ((double) self->check->parameters));
  eqs_map_set (map, "macs", eqs_value_new_number (self->check->macs));
  eqs_map_set (map, "weight_bytes", eqs_value_new_number ((double) self->check->weight_bytes));
  eqs_map_set (map, "arena_bytes", eqs_value_new_number ((double) self->check->arena_bytes));
  eqs_map_set (map, "train_arena_bytes", eqs_value_new_number ((double) self->check->train_arena_bytes));
  set_text (map, "origin", eqs_origin_name (EQS_COMPUTED));
  return map;
}

/* The family: said by the design, or by the template it comes from. */
static const EqsFamily *
family_of (EqsDocument *document, const EqsMap *spec)
{
  const EqsValue *template = eqs_document_get_field (document, "template");
  const char     *id = eqs_map_get_string (spec, "family", NULL);

  if (id == NULL && template != NULL)
    id = eqs_map_get_string (eqs_value_get_map (template), "family", NULL);
  return id == NULL ? NULL : eqs_family_find (id);
}

static EqsAnswer *
ask_guide (EqsDocument *document, const EqsMap *spec)
{
  EqsQuestion     question = { eqs_map_get_string (spec, "domain", ""), eqs_map_get_string (spec, "task", ""), eqs_document_get_group (document),
                               eqs_map_get_string (spec, "output", "") };

  question.max_parameters = (gint64) eqs_map_get_number (spec, "max_parameters", 0);
  question.max_mflop = 2e-6 * eqs_map_get_number (spec, "max_macs", 0);
  question.max_arena_bytes = (gint64) eqs_map_get_number (spec, "max_arena_bytes", 0);
  return eqs_guide (&question, NULL);
}

EqsMap *
eqs_spec_to_map (EqsModel *model, const EqsMap *audit, GError **error)
{
  g_auto (Writer) self = { .model = model, .document = model->document, .audit = audit };
  EqsMap         *map;

  if (!eqs_compile_symmetry (self.document, &self.symmetry, error))
    return NULL;
  self.spec = eqs_document_get_section (self.document, EQS_SECTION_SPEC);
  self.check = eqs_check_new (self.document, error);
  if (self.check == NULL)
    return NULL;
  self.family = family_of (self.document, self.spec);
  self.answer = ask_guide (self.document, self.spec);
  self.book = eqs_book_new ();
  write_summary (&self);
  write_symmetry (&self);
  write_family (&self);
  write_library (&self);
  write_layers (&self);
  write_flow (&self);
  write_parameters (&self);
  write_efficiency (&self);
  write_training (&self);
  write_verification (&self);
  write_implementation (&self);
  write_deployment (&self);
  write_risks (&self);
  write_references (&self);

  map = eqs_map_new ();
  set_text (map, "format", "equistudio.specification");
  eqs_map_set (map, "version", eqs_value_new_number (1));
  set_text (map, "name", *eqs_document_get_name (self.document) == '\0' ? _("Untitled design") : eqs_document_get_name (self.document));
  eqs_map_set (map, "provenance", eqs_value_new_object (provenance_of (&self)));
  eqs_map_set (map, "summary", eqs_value_new_object (summary_of (&self)));
  eqs_map_set (map, "spec", self.spec == NULL ? eqs_value_new_null () : eqs_value_new_object (eqs_map_copy (self.spec)));
  eqs_map_set (map, "nodes", nodes_of (&self));
  eqs_map_set (map, "edges", edges_of (&self));
  eqs_map_set (map, "counts", eqs_value_new_object (counts_of (&self)));
  eqs_map_set (map, "lints", lints_of (&self));
  eqs_map_set (map, "verification", audit == NULL ? eqs_value_new_null () : eqs_value_new_object (eqs_map_copy (audit)));
  eqs_map_set (map, "self_check", self_check (&self));
  eqs_map_set (map, "sections", eqs_book_to_value (self.book));
  return map;
}

char *
eqs_spec_to_markdown (const EqsMap *spec)
{
  const EqsMap    *provenance = eqs_value_get_map (eqs_map_get (spec, "provenance")), *check = eqs_value_get_map (eqs_map_get (spec, "self_check"));
  g_autofree char *body = eqs_book_to_markdown (eqs_map_get (spec, "sections")), *complete = NULL;
  const char      *missing;

  missing = eqs_map_get_string (check, "missing", NULL);
  complete = g_strdup_printf (missing == NULL ? _("Completeness of this document: %.0f of %.0f parts have content.") : _("Completeness of this document: %.0f of %.0f parts have content; missing: %s."),
                              eqs_map_get_number (check, "parts", 0), eqs_map_get_number (check, "of_parts", 0), missing);
  return g_strdup_printf ("# %s — %s\n\n%s, design %s, %s\n\n%s\n\n%s%s\n", _("Architecture specification"), eqs_map_get_string (spec, "name", ""),
                          eqs_map_get_string (provenance, "program", ""), eqs_map_get_string (provenance, "design_hash", ""), eqs_map_get_string (provenance, "date", ""),
                          eqs_map_get_string (provenance, "text", ""), body, complete);
}

char **
eqs_export_spec (EqsModel *model, const EqsMap *audit, const char *folder, gboolean json, GError **error)
{
  g_autoptr (EqsMap) map = eqs_spec_to_map (model, audit, error);
  g_autofree char   *text = NULL, *path = g_build_filename (folder, json ? "specification.json" : "specification.md", NULL);
  const char        *files[] = { path, NULL };

  if (map == NULL)
    return NULL;
  if (g_mkdir_with_parents (folder, 0777) != 0)
    {
      g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_IO, _("%s: the folder could not be made."), folder);
      return NULL;
    }
  if (json)
    {
      g_autoptr (EqsValue) value = eqs_value_new_object (eqs_map_copy (map));

      text = eqs_value_to_text (value);
    }
  else
    text = eqs_spec_to_markdown (map);
  return eqs_file_write_atomic (path, text, -1, error) ? g_strdupv ((char **) files) : NULL;
}
