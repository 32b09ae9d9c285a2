/* The plan: a card for each node with its ports, where the design has it or where the tidy layout puts it, and its wires. */

#include "draw/plan.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <locale.h>
#include <math.h>
#include <string.h>

char *
eqs_count_dup_text (gint64 count)
{
  g_autofree char *digits = g_strdup_printf ("%" PRId64, count);
  const gsize      n = strlen (digits);
  const struct lconv *here = localeconv ();
  GString         *text = g_string_new (NULL);
  /* Where the comma parts decimals, 113,802 would be read as a hundred and a bit. */
  const char      *part = here->decimal_point[0] != ',' ? "," : here->thousands_sep[0] != '\0' && g_utf8_validate (here->thousands_sep, -1, NULL) ? here->thousands_sep : "\342\200\257";

  for (gsize i = 0; i < n; i++)
    {
      g_string_append_c (text, digits[i]);
      if ((n - 1 - i) % 3 == 0 && i + 1 < n && digits[i] != '-')
        g_string_append (text, part);
    }
  return g_string_free (text, FALSE);
}

/* ---- cards ---- */

static void
add_port (GPtrArray *ports, const char *name)
{
  for (guint i = 0; i < ports->len; i++)
    if (strcmp (ports->pdata[i], name) == 0)
      return;
  g_ptr_array_add (ports, (char *) name);
}

int
eqs_plan_find (const EqsPlan *self, const char *id)
{
  gpointer index;

  return g_hash_table_lookup_extended (self->index, id, NULL, &index) ? GPOINTER_TO_INT (index) : -1;
}

/* A block has the ports that wires inside of it lead from and to. */
static void
plan_border (EqsPlan *self, EqsPlanCard *card)
{
  g_autoptr (GPtrArray) in = eqs_document_list_border (self->document, card->node, FALSE), out = eqs_document_list_border (self->document, card->node, TRUE);

  for (guint i = 0; i < in->len; i++)
    add_port (card->inputs, in->pdata[i]);
  for (guint i = 0; i < out->len; i++)
    add_port (card->outputs, out->pdata[i]);
}

static void
plan_ports (EqsPlan *self)
{
  for (guint i = 0; i < self->n_cards; i++)
    {
      EqsPlanCard *card = &self->cards[i];

      card->inputs = g_ptr_array_new ();
      card->outputs = g_ptr_array_new ();
      for (const EqkPort *p = card->layer == NULL ? NULL : card->layer->inputs; p != NULL && p->name != NULL; p++)
        add_port (card->inputs, p->name);
      for (const EqkPort *p = card->layer == NULL ? NULL : card->layer->outputs; p != NULL && p->name != NULL; p++)
        add_port (card->outputs, p->name);
      plan_border (self, card);
    }
  for (guint i = 0; i < eqs_graph_get_n_links (self->graph); i++)
    {
      const EqsLink *link = eqs_graph_get_link (self->graph, i);
      const int      from = eqs_plan_find (self, link->from_node), to = eqs_plan_find (self, link->to_node);

      if (from >= 0)
        add_port (self->cards[from].outputs, link->from_port);
      if (to >= 0)
        add_port (self->cards[to].inputs, link->to_port);
    }
}

/* Kernel nodes by the path of the document that they come from: the first copy of each. */
static GHashTable *
kernel_nodes (const EqsCheck *check)
{
  GHashTable *table = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  const EqkGraph *graph = check == NULL || check->typed == NULL ? NULL : eqk_typed_graph (check->typed);
  const int n = graph == NULL ? 0 : eqk_graph_n_nodes (graph);

  for (int i = 0; i < n; i++)
    {
      char *path = eqs_compile_dup_path (eqk_graph_node_id (graph, i));

      if (g_hash_table_contains (table, path))
        g_free (path);
      else
        g_hash_table_insert (table, path, GINT_TO_POINTER (i));
    }
  return table;
}

static void
take_cost (EqsPlanCard *card, const EqsNodeCost *cost)
{
  card->parameters = cost->parameters;
  card->macs = cost->macs;
  if (cost->kernel_node >= 0)
    card->kernel_node = cost->kernel_node;
}

static void
plan_check (EqsPlan *self)
{
  g_autoptr (GHashTable) kernel = kernel_nodes (self->check);
  const gsize prefix = strlen (self->scope);

  for (guint i = 0; i < self->n_cards; i++)
    {
      gpointer index;

      self->cards[i].kernel_node = g_hash_table_lookup_extended (kernel, self->cards[i].path, NULL, &index) ? GPOINTER_TO_INT (index) : -1;
    }
  for (guint k = 0; self->check != NULL && prefix == 0 && k < self->check->nodes->len; k++)
    {
      const EqsNodeCost *cost = &g_array_index (self->check->nodes, EqsNodeCost, k);
      const int          at = eqs_plan_find (self, cost->id);

      if (at >= 0)
        take_cost (&self->cards[at], cost);
    }
  for (guint i = 0; self->check != NULL && prefix > 0 && i < self->n_cards; i++)
    {
      const EqsNodeCost *cost = eqs_check_get_cost (self->check, self->cards[i].path);

      if (cost != NULL)
        take_cost (&self->cards[i], cost);
    }
  for (guint k = 0; self->check != NULL && k < self->check->problems->len; k++)
    {
      const EqsProblem *problem = g_ptr_array_index (self->check->problems, k);
      const char       *path = problem->node;
      g_autofree char  *id = NULL;
      int at;

      if (path == NULL || !g_str_has_prefix (path, self->scope))
        continue;
      path += prefix > 0 ? prefix + 1 : 0;
      id = g_strndup (path, strcspn (path, "/"));
      at = eqs_plan_find (self, id);
      if (at >= 0)
        self->cards[at].worst = MAX (self->cards[at].worst, (int) problem->severity);
    }
  for (guint i = 0; i < self->n_cards; i++)
    {
      EqsPlanCard *card = &self->cards[i];

      card->waiting = self->check != NULL && card->layer != NULL && card->outputs->len > 0 && card->worst < EQK_SEVERITY_ERROR &&
                      !eqs_node_is_bypassed (card->node) && eqs_plan_output_type (self, card, card->outputs->pdata[0]) == NULL;
    }
}

/* ---- extents ---- */

static void
grow (EqsPlan *self, double x, double y, double width, double height)
{
  self->left = MIN (self->left, x);
  self->top = MIN (self->top, y);
  self->right = MAX (self->right, x + width);
  self->bottom = MAX (self->bottom, y + height);
}

gboolean
eqs_plan_frame_box (const EqsPlan *self, const EqsMap *frame, double box[4])
{
  const EqsValue *members = eqs_map_get (frame, "members");
  gboolean        any = FALSE;

  for (guint i = 0; members != NULL && i < eqs_value_get_length (members); i++)
    {
      const char *id = eqs_value_get_string (eqs_value_get_item (members, i));
      const int   at = id == NULL ? -1 : eqs_plan_find (self, id);
      const EqsPlanCard *card = at < 0 ? NULL : &self->cards[at];

      if (card == NULL)
        continue;
      box[0] = any ? MIN (box[0], card->x - EQS_FRAME_PAD) : card->x - EQS_FRAME_PAD;
      box[1] = any ? MIN (box[1], card->y - EQS_FRAME_TITLE) : card->y - EQS_FRAME_TITLE;
      box[2] = any ? MAX (box[2], card->x + EQS_CARD_WIDTH + EQS_FRAME_PAD) : card->x + EQS_CARD_WIDTH + EQS_FRAME_PAD;
      box[3] = any ? MAX (box[3], card->y + card->height + EQS_FRAME_PAD) : card->y + card->height + EQS_FRAME_PAD;
      any = TRUE;
    }
  return any;
}

void
eqs_plan_measure (EqsPlan *self)
{
  const gboolean main_graph = self->scope[0] == '\0';
  double box[4];

  self->left = self->top = G_MAXDOUBLE;
  self->right = self->bottom = -G_MAXDOUBLE;
  for (guint i = 0; i < self->n_cards; i++)
    grow (self, self->cards[i].x - 20, self->cards[i].y, EQS_CARD_WIDTH + 40, self->cards[i].height);
  for (guint i = 0; main_graph && i < eqs_document_get_n_items (self->document, EQS_ITEM_FRAME); i++)
    if (eqs_plan_frame_box (self, eqs_document_get_item (self->document, EQS_ITEM_FRAME, i), box))
      grow (self, box[0], box[1], box[2] - box[0], box[3] - box[1]);
  for (guint i = 0; main_graph && i < eqs_document_get_n_items (self->document, EQS_ITEM_NOTE); i++)
    {
      const EqsMap *note = eqs_document_get_item (self->document, EQS_ITEM_NOTE, i);

      grow (self, eqs_map_get_number (note, "x", 0), eqs_map_get_number (note, "y", 0), eqs_map_get_number (note, "width", EQS_NOTE_WIDTH),
            eqs_plan_note_height (note));
    }
  for (guint i = 0; i < self->n_wires; i++)
    if (self->wires[i].n_bends > 0)
      {
        eqs_route_bounds (&self->wires[i].route, box);
        grow (self, box[0], box[1], box[2] - box[0], box[3] - box[1]);
      }
  if (self->left > self->right)
    self->left = self->top = self->right = self->bottom = 0;
}

/* ---- types and words ---- */

double
eqs_plan_port_y (const EqsPlanCard *card, gboolean output, const char *port)
{
  GPtrArray *ports = output ? card->outputs : card->inputs;

  for (guint i = 0; i < ports->len; i++)
    if (strcmp (ports->pdata[i], port) == 0)
      return card->y + EQS_PORT_TOP + EQS_PORT_PITCH * i;
  return card->y + EQS_PORT_TOP;
}

const EqkPortType *
eqs_plan_output_type (const EqsPlan *self, const EqsPlanCard *card, const char *port)
{
  if (card->kernel_node < 0 && self->check != NULL && self->check->typed != NULL && card->body != NULL)
    return eqs_check_output_type (self->check, self->document, card->path, port);
  return card->kernel_node < 0 ? NULL : eqk_typed_output (self->check->typed, card->kernel_node, port);
}

const EqkPortType *
eqs_plan_input_type (const EqsPlan *self, const EqsPlanCard *card, const char *port)
{
  const int      at = eqs_graph_find_link (self->graph, NULL, NULL, eqs_node_get_id (card->node), port);
  const EqsLink *link = at < 0 ? NULL : eqs_graph_get_link (self->graph, (guint) at);
  const int      from = link == NULL ? -1 : eqs_plan_find (self, link->from_node);

  if (link != NULL && link->from_node[0] == '\0')
    return self->check == NULL ? NULL : eqs_check_border_type (self->check, self->document, self->scope, link->from_port);
  return from < 0 ? NULL : eqs_plan_output_type (self, &self->cards[from], link->from_port);
}

const char *
eqs_plan_title (const EqsPlanCard *card)
{
  const EqsNode *named = eqs_node_get_title (card->node) == NULL && card->definition != NULL ? card->definition : card->node;
  const char    *title = eqs_node_get_title (named);

  if (title != NULL && *title != '\0')
    return title;
  return card->layer != NULL ? _(card->layer->title) : card->body != NULL ? _("Block") : eqs_node_get_layer (card->node);
}

char *
eqs_plan_dup_summary (const EqsPlan *self, const EqsPlanCard *card)
{
  const EqkPortType *in = card->inputs->len == 0 ? NULL : eqs_plan_input_type (self, card, card->inputs->pdata[0]);
  const EqkPortType *out = card->outputs->len == 0 ? NULL : eqs_plan_output_type (self, card, card->outputs->pdata[0]);
  GString           *text = g_string_new (NULL);
  const EqsValue    *copies = eqs_node_get_param (card->node, "n");

  if (eqs_node_is_bypassed (card->node))
    return g_string_free (g_string_append (text, _("bypassed")), FALSE);
  if (card->body != NULL && copies != NULL)
    g_string_append_printf (text, _("%d copies"), (int) eqs_value_get_number (copies));
  if (in != NULL && in->space.kind == EQK_SPACE_GRID)
    g_string_append_printf (text, "%s%d×%d", text->len > 0 ? " · " : "", in->space.h, in->space.w);
  if (out != NULL && out->space.kind == EQK_SPACE_GRID && (in == NULL || !eqk_space_equal (&in->space, &out->space)))
    g_string_append_printf (text, "%s%d×%d", text->len > 0 ? " → " : "", out->space.h, out->space.w);
  if (in != NULL && out != NULL && in->space.kind == EQK_SPACE_GRID && out->space.kind == EQK_SPACE_SAMPLE)
    g_string_append_printf (text, " → %s", _("one vector"));
  if (card->parameters > 0)
    {
      g_autofree char *number = eqs_count_dup_text (card->parameters);

      g_string_append (text, text->len > 0 ? " · " : "");
      g_string_append_printf (text, g_dngettext (GETTEXT_PACKAGE, "%s parameter", "%s parameters", (gulong) card->parameters), number);
    }
  return g_string_free (text, FALSE);
}

static void
plan_wires (EqsPlan *self)
{
  const guint n = eqs_graph_get_n_links (self->graph);

  const gboolean bent = eqs_document_get_field (self->document, "bends") != NULL;

  self->wires = g_new0 (EqsPlanWire, n + 1);
  for (guint i = 0; i < n; i++)
    {
      const EqsLink *link = eqs_graph_get_link (self->graph, i);
      EqsPlanWire   *wire = &self->wires[self->n_wires];

      wire->from = eqs_plan_find (self, link->from_node);
      wire->to = eqs_plan_find (self, link->to_node);
      if (wire->from < 0 || wire->to < 0)
        continue;
      wire->link = link;
      wire->type = eqs_plan_output_type (self, &self->cards[wire->from], link->from_port);
      wire->style = eqs_type_style (wire->type);
      if (bent)
        {
          g_autofree char *start = g_strdup_printf ("%s.%s", link->from_node, link->from_port), *end = g_strdup_printf ("%s.%s", link->to_node, link->to_port);

          wire->n_bends = eqs_bends_get (self->document, self->scope, start, end, wire->bends);
        }
      self->n_wires++;
    }
}

/* ---- life ---- */

EqsPlan *
eqs_plan_new (EqsDocument *document, const char *scope, EqsCheck *check)
{
  g_return_val_if_fail (EQS_IS_DOCUMENT (document), NULL);

  EqsPlan *self = g_new0 (EqsPlan, 1);
  g_autofree double *xy = NULL;

  self->document = g_object_ref (document);
  self->check = check == NULL ? NULL : eqs_check_ref (check);
  self->scope = g_strdup (scope == NULL ? "" : scope);
  self->graph = eqs_document_get_graph (document, self->scope);
  self->n_cards = self->graph == NULL ? 0 : eqs_graph_get_n_nodes (self->graph);
  self->cards = g_new0 (EqsPlanCard, self->n_cards + 1);
  self->index = g_hash_table_new (g_str_hash, g_str_equal);
  if (self->graph == NULL)
    return self;
  if (eqs_layout_is_needed (self->graph))
    {
      xy = g_new0 (double, 2 * self->n_cards + 2);
      eqs_layout_compute (self->scope[0] == '\0' ? document : NULL, self->graph, NULL, 0, xy);
    }
  for (guint i = 0; i < self->n_cards; i++)
    {
      EqsPlanCard *card = &self->cards[i];

      card->node = eqs_graph_get_node (self->graph, i);
      card->path = self->scope[0] == '\0' ? g_strdup (eqs_node_get_id (card->node)) : g_strconcat (self->scope, "/", eqs_node_get_id (card->node), NULL);
      card->layer = eqk_layer_find (eqs_node_get_layer (card->node));
      card->body = eqs_document_get_body (document, card->node);
      card->definition = eqs_document_get_definition_of (document, card->node);
      card->x = xy != NULL ? xy[2 * i] : eqs_node_get_x (card->node);
      card->y = xy != NULL ? xy[2 * i + 1] : eqs_node_get_y (card->node);
      card->worst = card->kernel_node = -1;
      card->parameters = -1;
      g_hash_table_insert (self->index, (gpointer) eqs_node_get_id (card->node), GINT_TO_POINTER ((int) i));
    }
  plan_ports (self);
  for (guint i = 0; i < self->n_cards; i++)
    self->cards[i].height = EQS_CARD_HEIGHT + EQS_PORT_PITCH * (MAX (MAX (self->cards[i].inputs->len, self->cards[i].outputs->len), 1) - 1);
  plan_check (self);
  plan_wires (self);
  eqs_plan_route (self);
  eqs_plan_measure (self);
  return self;
}

void
eqs_plan_free (EqsPlan *self)
{
  for (guint i = 0; i < self->n_cards; i++)
    {
      g_free (self->cards[i].path);
      g_clear_pointer (&self->cards[i].inputs, g_ptr_array_unref);
      g_clear_pointer (&self->cards[i].outputs, g_ptr_array_unref);
    }
  for (guint i = 0; i < self->n_wires; i++)
    g_free (self->wires[i].pill);
  g_free (self->cards);
  g_free (self->wires);
  g_hash_table_unref (self->index);
  g_free (self->scope);
  g_clear_pointer (&self->check, eqs_check_unref);
  g_object_unref (self->document);
  g_free (self);
}
