/* Sections 0 to 5: what the design is. */

#include "services/spec-private.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <string.h>

/* ---- 0 summary ---- */

void
eqs_spec_write_summary (EqsSpecWriter *self)
{
  EqsBook         *b = self->book;
  g_autofree char *elements = eqs_spec_dup_exact_elements (self);

  eqs_book_section (b, _("Summary"));
  if (self->audit != NULL)
    eqs_spec_write_measured (self);
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
write_structure (EqsSpecWriter *self)
{
  EqsBook        *b = self->book;
  const EqkGroup *group = self->symmetry.group;
  const char     *notation = eqk_group_get_notation (group);

  eqs_book_figure (b, EQS_STATED, _("Group"), "%s – %s", notation, _(eqk_group_get_title (group)));
  if (eqk_group_is_finite (group))
    eqs_book_figure (b, EQS_COMPUTED, _("Order"), "%d", eqk_group_get_order (group));
  else
    eqs_book_figure (b, EQS_COMPUTED, _("Order"), "%s", _("infinite"));
  eqs_book_figure (b, EQS_COMPUTED, _("Finite, abelian, connected, compact"), "%s, %s, %s, %s", eqs_spec_yes_no (eqk_group_is_finite (group)),
                   eqs_spec_yes_no (eqk_group_is_abelian (group)), eqs_spec_yes_no (eqk_group_is_connected (group)), eqs_spec_yes_no (TRUE));
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
write_actions (EqsSpecWriter *self)
{
  EqsBook *b = self->book;

  eqs_book_table (b, _("Port|Representation|Where|Behaviour"));
  for (guint i = 0; i < self->check->nodes->len; i++)
    {
      const EqsNodeCost  *cost = &g_array_index (self->check->nodes, EqsNodeCost, i);
      const EqkLayerType *layer = eqs_spec_layer_of (cost);
      char                space[64];

      if (layer == NULL || (layer->flags & (EQK_LAYER_INPUT | EQK_LAYER_HEAD)) == 0)
        continue;
      for (const EqkPort *port = layer->outputs; port != NULL && port->name != NULL; port++)
        {
          const EqkPortType *type = eqs_spec_type_of (self, cost, port->name);
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

/* "symmetry: D4; samples: image", of the ten questions those that were answered. (transfer full) (nullable) */
static char *
dup_answers (const EqsMap *spec)
{
  static const char *const topics[] = { N_("symmetry"), N_("kind of answer"), N_("samples"), N_("task"), N_("limits"), N_("directions that count"), N_("order of the items"),
                                        N_("what changes the answer"), N_("what is known to be equal"), N_("shifts") };
  const EqsValue    *questions = eqs_map_get (spec, "questionnaire");
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; questions != NULL && i < G_N_ELEMENTS (topics); i++)
    {
      g_autofree char *key = g_strdup_printf ("q%u", i + 1);
      const char      *answer = eqs_map_get_string (eqs_value_get_map (questions), key, NULL);

      if (answer != NULL)
        g_string_append_printf (text, "%s%s: %s", text->len > 0 ? "; " : "", _(topics[i]), answer);
    }
  return text->len == 0 ? NULL : g_string_free (g_steal_pointer (&text), FALSE);
}

void
eqs_spec_write_symmetry (EqsSpecWriter *self)
{
  EqsBook        *b = self->book;
  g_autofree char *limits = dup_limits (self->spec), *answers = dup_answers (self->spec);

  eqs_book_section (b, _("Target symmetry"));
  write_structure (self);
  write_actions (self);
  eqs_book_figure (b, EQS_STATED, _("Symmetry type"), "%s", eqs_spec_stated (self->spec, "output"));
  eqs_book_figure (b, EQS_STATED, _("Task"), "%s", eqs_spec_stated (self->spec, "task"));
  eqs_book_figure (b, EQS_STATED, _("Domain"), "%s", eqs_spec_stated (self->spec, "domain"));
  eqs_book_figure (b, EQS_STATED, _("Constraints"), "%s", limits == NULL ? _("none stated") : limits);
  eqs_book_figure (b, EQS_STATED, _("Evidence"), "%s", answers == NULL ? _("none recorded: the symmetry is the designer's statement, not a test of the data") : answers);
}

/* ---- 2 family ---- */

void
eqs_spec_write_family (EqsSpecWriter *self)
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
is_alternative (const EqsSpecWriter *self, const EqsNodeCost *cost, const EqkLayerType *layer)
{
  const EqkPortType *in = eqs_spec_incoming (self, cost), *out = eqs_spec_type_of (self, cost, NULL);
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
rejected_for (const EqsSpecWriter *self, const EqsNodeCost *cost, const EqkLayerType *layer)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rejected); i++)
    if (strcmp (rejected[i].category, layer->category) == 0 && is_alternative (self, cost, layer))
      return _(rejected[i].rejected);
  return "–";
}

static char *
dup_settings (const EqsSpecWriter *self, const EqsNodeCost *cost)
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

const char *
eqs_spec_title_of (const EqsSpecWriter *self, const EqsNodeCost *cost)
{
  const EqsNode *node = eqs_document_find_node (self->document, cost->id);
  const char    *title = node == NULL ? NULL : eqs_node_get_title (node);

  return title != NULL ? title : eqs_spec_layer_of (cost) != NULL ? _(eqs_spec_layer_of (cost)->title) : cost->id;
}

void
eqs_spec_write_layers (EqsSpecWriter *self)
{
  EqsBook              *b = self->book;
  g_autoptr (GHashTable) told = g_hash_table_new (g_str_hash, g_str_equal);

  eqs_book_section (b, _("Layer specification"));
  eqs_book_text (b, "%s", _("Parameters and work are computed from what is allocated and run; the guarantee is that of the types."));
  eqs_book_table (b, _("No.|Name|Layer|Input|Output|Settings|Parameters|MFLOP|Guarantee"));
  for (guint i = 0; i < self->check->nodes->len; i++)
    {
      const EqsNodeCost *cost = &g_array_index (self->check->nodes, EqsNodeCost, i);
      const EqkPortType *out = eqs_spec_type_of (self, cost, NULL);
      g_autofree char   *in_text = eqs_spec_dup_type (eqs_spec_incoming (self, cost)), *out_text = eqs_spec_dup_type (out), *settings = dup_settings (self, cost);
      g_autofree char   *number = g_strdup_printf ("%u", i + 1), *parameters = g_strdup_printf ("%" PRId64, cost->parameters);
      g_autofree char   *mflop = g_strdup_printf ("%.3f", 2e-6 * cost->macs), *name = g_strdup_printf ("%s (%s)", eqs_spec_title_of (self, cost), cost->id);

      eqs_book_row (b, number, name, cost->layer, in_text, out_text, settings, parameters, mflop, eqs_spec_holds_text (out), NULL);
    }
  eqs_book_text (b, "%s", _("Why each layer, and what was not taken in its place:"));
  eqs_book_table (b, _("Layer|Rationale|Not taken"));
  for (guint i = 0; i < self->check->nodes->len; i++)
    {
      const EqsNodeCost  *cost = &g_array_index (self->check->nodes, EqsNodeCost, i);
      const EqkLayerType *layer = eqs_spec_layer_of (cost);

      if (layer != NULL && g_hash_table_add (told, (char *) layer->id))
        eqs_book_row (b, _(layer->title), layer->doc == NULL ? "" : _(layer->doc), rejected_for (self, cost, layer), NULL);
    }
}

/* ---- 5 flow ---- */

/* "4x triv + 4x f1 + 4x f2": a field's irreps, times its copies. */
char *
eqs_spec_dup_irreps (const EqkRep *rep)
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

void
eqs_spec_write_flow (EqsSpecWriter *self)
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
              g_autofree char *text = eqs_spec_dup_type (eqs_spec_type_of (self, cost, link->from_port));

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
      const EqkPortType *out = eqs_spec_type_of (self, cost, NULL);
      g_autofree char   *channels = out == NULL ? NULL : g_strdup_printf ("%d", eqk_rep_get_dim (out->rep));
      g_autofree char   *irreps = out == NULL ? NULL : eqs_spec_dup_irreps (out->rep);

      if (out != NULL)
        eqs_book_row (b, cost->id, channels, irreps, NULL);
    }
  eqs_book_text (b, "%s", _("network.svg beside this file draws this flow, where it was written along; `equi render` draws it at any time."));
}
