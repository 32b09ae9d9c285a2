/* What the check says of one node, as sections of the inspector. All numbers are those of the check. */

#include "widgets/inspector/node-details.h"

#include "draw/type-style.h"
#include "services/formula.h"
#include "studio/catalogue.h"
#include "studio/outline.h"
#include "widgets/inspector/param-row.h"
#include "widgets/numbers.h"
#include "widgets/parts.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <string.h>

/* ---- finding ---- */

static const EqkLayerType *
layer_of (EqsSession *session, const char *path)
{
  EqsNode *node = eqs_document_find_node (eqs_session_get_document (session), path);

  return node == NULL ? NULL : eqk_layer_find (eqs_node_get_layer (node));
}

/* Type at number i of the links into a port. */
static const EqkPortType *
input_type (EqsSession *session, const char *path, const char *port, guint skip)
{
  EqsDocument *document = eqs_session_get_document (session);
  const char  *slash = strrchr (path, '/');
  g_autofree char *scope = slash == NULL ? g_strdup ("") : g_strndup (path, slash - path);
  EqsGraph    *graph = eqs_document_get_graph (document, scope);
  const char  *id = slash == NULL ? path : slash + 1;

  for (guint i = 0; graph != NULL && i < eqs_graph_get_n_links (graph); i++)
    {
      const EqsLink *link = eqs_graph_get_link (graph, i);

      if (strcmp (link->to_node, id) == 0 && strcmp (link->to_port, port) == 0 && skip-- == 0)
        {
          const EqsCheck  *check = eqs_session_get_check (session);
          g_autofree char *from = slash == NULL ? g_strdup (link->from_node) : g_strconcat (scope, "/", link->from_node, NULL);

          if (link->from_node[0] == '\0')
            return check == NULL ? NULL : eqs_check_border_type (check, document, scope, link->from_port);
          return eqs_session_get_type_at (session, from, link->from_port);
        }
    }
  return NULL;
}

/* ---- the sentence ---- */

char *
eqs_details_dup_sentence (EqsSession *session, const char *path)
{
  g_return_val_if_fail (EQS_IS_SESSION (session), NULL);

  const EqkLayerType *layer = layer_of (session, path);
  const EqsNode      *node = eqs_document_find_node (eqs_session_get_document (session), path);
  const EqkPortType  *out = eqs_session_get_type_at (session, path, NULL), *in;
  g_autofree char    *before = NULL, *after = NULL, *flow = NULL, *plain = NULL;

  if (layer == NULL && node != NULL && eqs_document_get_body (eqs_session_get_document (session), node) != NULL)
    {
      const guint n = eqs_graph_get_n_nodes (eqs_document_get_body (eqs_session_get_document (session), node));

      return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "A block of %u layer. Enter on the canvas goes into it.", "A block of %u layers. Enter on the canvas goes into it.", n), n);
    }
  if (layer == NULL)
    return g_strdup (_("This layer is not known to this version. It is kept as it is in the file."));
  in = layer->inputs == NULL || layer->inputs[0].name == NULL ? NULL : input_type (session, path, layer->inputs[0].name, 0);
  plain = eqs_layer_dup_plain (layer);
  if (out == NULL)
    return g_steal_pointer (&plain);
  after = eqs_type_dup_text (out, TRUE);
  before = in == NULL ? NULL : eqs_type_dup_text (in, TRUE);
  if (in == NULL)
    /* Translators: a type such as 1x triv · 28×28, then what it is in words. */
    flow = g_strdup_printf (_("Gives %s: %s."), after, _(eqs_type_style (out).plain));
  else if (strcmp (before, after) == 0)
    flow = g_strdup_printf (_("Takes %s and gives the same kind: %s."), before, _(eqs_type_style (out).plain));
  else
    flow = g_strdup_printf (_("Makes %s from %s: %s."), after, before, _(eqs_type_style (out).plain));
  return g_strdup_printf ("%s\n%s", plain, flow);
}

const char *
eqs_details_get_verdict (EqsSession *session, const char *path, const char **style)
{
  g_return_val_if_fail (EQS_IS_SESSION (session), NULL);

  const EqsProblem  *problem = eqs_session_get_problem (session, path, NULL);
  const EqkPortType *type = eqs_session_get_type_at (session, path, NULL);

  *style = "eq-bad";
  if (problem != NULL && problem->severity == EQK_SEVERITY_ERROR)
    return _("error");
  if (type == NULL)
    return NULL;
  if (type->guarantee.holds == EQK_HOLDS_LOST)
    return _("broken");
  *style = type->guarantee.holds == EQK_HOLDS_EXACT ? "eq-good" : "eq-warn";
  return type->guarantee.holds == EQK_HOLDS_EXACT ? _("exact") : _("partly exact");
}

/* ---- problems ---- */

static void
fix_cb (GtkButton *button, EqsSession *session)
{
  eqs_session_apply_fix (session, g_object_get_data (G_OBJECT (button), "fix"));
}

GtkWidget *
eqs_details_new_fix_button (EqsSession *session, const EqsFix *fix, const char *label)
{
  g_return_val_if_fail (EQS_IS_SESSION (session), NULL);

  GtkWidget       *button = gtk_button_new_with_label (label);
  g_autofree char *changes = eqs_fix_dup_text (fix, eqs_session_get_document (session)), *tip = NULL;

  g_object_set_data (G_OBJECT (button), "fix", (gpointer) fix);
  g_object_set_data_full (G_OBJECT (button), "check", eqs_check_ref (eqs_session_get_check (session)), (GDestroyNotify) eqs_check_unref);
  eqs_set_name (button, fix->label);
  tip = g_strdup_printf ("%s\n%s", fix->label, changes);
  gtk_widget_set_tooltip_text (button, g_strchomp (tip));
  g_signal_connect_object (button, "clicked", G_CALLBACK (fix_cb), session, 0);
  return button;
}

static void
append_problem (GtkWidget *box, EqsSession *session, const EqsProblem *problem)
{
  GtkWidget *card = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4), *code;

  gtk_widget_add_css_class (card, "eq-problem-card");
  gtk_widget_add_css_class (card, problem->severity == EQK_SEVERITY_ERROR ? "eq-bad-ground" : problem->severity == EQK_SEVERITY_WARNING ? "eq-warn-ground" : "eq-note-ground");
  gtk_box_append (GTK_BOX (card), eqs_text_new (problem->titled, "eq-name"));
  if (problem->port != NULL)
    {
      g_autofree char *where = g_strdup_printf (_("At the port %s."), problem->port);

      gtk_box_append (GTK_BOX (card), eqs_text_new (where, "eq-second"));
    }
  gtk_box_append (GTK_BOX (box), card);
  if (problem->fixes->len > 0)
    {
      GtkWidget *list = eqs_boxed_list_new (_("Ways to fix it"));

      gtk_box_append (GTK_BOX (box), eqs_heading_new (_("Ways to fix it")));
      for (guint i = 0; i < problem->fixes->len; i++)
        {
          const EqsFix *fix = g_ptr_array_index (problem->fixes, i);
          GtkWidget    *button = eqs_details_new_fix_button (session, fix, _("Apply"));

          if (i == 0)
            gtk_widget_add_css_class (button, "suggested-action");
          eqs_row_append (list, fix->label, button);
        }
      gtk_box_append (GTK_BOX (box), list);
    }
  if (problem->why[0] != '\0')
    {
      gtk_box_append (GTK_BOX (box), eqs_heading_new (_("Why")));
      gtk_box_append (GTK_BOX (box), eqs_text_new (problem->why, "eq-second"));
    }
  /* Not selectable: GTK 4.8 complains when it draws a selected label while nothing has the focus, as after a fix took its own button away. */
  code = eqs_text_new (problem->code, "eq-mono");
  gtk_box_append (GTK_BOX (box), code);
}

gboolean
eqs_details_append_problems (GtkWidget *box, EqsSession *session, const char *path)
{
  const EqsCheck *check = eqs_session_get_check (session);
  gboolean        any = FALSE;

  for (int severity = EQK_SEVERITY_ERROR; check != NULL && severity >= EQK_SEVERITY_NOTE; severity--)
    for (guint i = 0; i < check->problems->len; i++)
      {
        const EqsProblem *problem = g_ptr_array_index (check->problems, i);

        if ((int) problem->severity == severity && g_strcmp0 (problem->node, path) == 0)
          {
            append_problem (box, session, problem);
            any = TRUE;
          }
      }
  return any;
}

/* ---- fields ---- */

static void
cell (GtkWidget *grid, int column, int row, const char *text, const char *style, gboolean right)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), right ? 1 : 0);
  gtk_widget_add_css_class (label, style);
  gtk_widget_add_css_class (label, "eq-number");
  if (!right)
    gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  if (column == 2)
    gtk_widget_set_hexpand (label, TRUE);
  gtk_grid_attach (GTK_GRID (grid), label, column, row, 1, 1);
}

/* One line for each kind of field at a port. */
static int
append_type (GtkWidget *grid, int row, const char *what, const EqkPortType *type)
{
  if (type == NULL)
    {
      cell (grid, 0, row, what, "eq-second", FALSE);
      gtk_grid_attach (GTK_GRID (grid), eqs_socket_new (NULL), 1, row, 1, 1);
      cell (grid, 2, row, _("not known yet"), "eq-second", FALSE);
      return row + 1;
    }
  for (int i = 0; i < eqk_rep_n_runs (type->rep); i++, row++)
    {
      const EqkRepRun  run = eqk_rep_run (type->rep, i);
      EqkPortType      one = eqk_port_with_rep (type, eqk_rep_single (run.field, run.mul));
      g_autofree char *mul = eqs_count_dup_text (run.mul), *size = g_strdup_printf ("× %d", eqk_field_get_dim (run.field));
      g_autofree char *channels = eqs_count_dup_text ((gint64) run.mul * eqk_field_get_dim (run.field));

      cell (grid, 0, row, i == 0 ? what : "", "eq-second", FALSE);
      gtk_grid_attach (GTK_GRID (grid), eqs_socket_new (&one), 1, row, 1, 1);
      cell (grid, 2, row, eqk_field_get_name (run.field), "eq-second", FALSE);
      cell (grid, 3, row, mul, "eq-second", TRUE);
      cell (grid, 4, row, size, "eq-second", TRUE);
      cell (grid, 5, row, channels, "eq-name", TRUE);
    }
  return row;
}

void
eqs_details_append_fields (GtkWidget *box, EqsSession *session, const char *path)
{
  const EqkLayerType *layer = layer_of (session, path);
  GtkWidget *grid = gtk_grid_new (), *list = eqs_boxed_list_new (_("Fields"));
  int row = 1;

  if (layer == NULL)
    return;
  gtk_grid_set_column_spacing (GTK_GRID (grid), 6);
  gtk_grid_set_row_spacing (GTK_GRID (grid), 6);
  cell (grid, 2, 0, _("Kind"), "eq-second", FALSE);
  cell (grid, 3, 0, _("Fields"), "eq-second", TRUE);
  cell (grid, 4, 0, _("Size"), "eq-second", TRUE);
  cell (grid, 5, 0, _("Channels"), "eq-second", TRUE);
  for (const EqkPort *port = layer->inputs; port != NULL && port->name != NULL; port++)
    {
      const EqkPortType *type = input_type (session, path, port->name, 0);
      const gboolean     single = layer->inputs[1].name == NULL;

      for (guint i = 0; type != NULL || (i == 0 && !port->optional); type = input_type (session, path, port->name, i))
        {
          g_autofree char *what = single && !port->variadic ? g_strdup (_("In")) : port->variadic ? g_strdup_printf ("%s %u", port->name, i + 1) : g_strdup (port->name);

          row = append_type (grid, row, what, type);
          i++;
          if (!port->variadic || type == NULL)
            break;
        }
    }
  for (const EqkPort *port = layer->outputs; port != NULL && port->name != NULL; port++)
    row = append_type (grid, row, layer->outputs[1].name == NULL ? _("Out") : port->name, eqs_session_get_type_at (session, path, port->name));
  eqs_row_append_plain (list, grid, _("Types in and out"));
  gtk_box_append (GTK_BOX (box), eqs_heading_new (_("Fields")));
  gtk_box_append (GTK_BOX (box), list);
}

/* ---- cost ---- */

static void
append_share (GtkWidget *list, const char *title, const char *number, const char *below, double share)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4), *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *label = eqs_text_new (title, NULL), *value = gtk_label_new (number), *bar = gtk_level_bar_new ();
  g_autofree char *name = g_strdup_printf (_("%s: %.0f %% of the design"), title, 100 * share);

  gtk_widget_set_hexpand (label, TRUE);
  gtk_widget_add_css_class (value, "eq-name");
  gtk_widget_add_css_class (value, "eq-number");
  gtk_box_append (GTK_BOX (line), label);
  gtk_box_append (GTK_BOX (line), value);
  gtk_box_append (GTK_BOX (box), line);
  if (below[0] != '\0')
    gtk_box_append (GTK_BOX (box), eqs_text_new (below, "eq-second"));
  /* One colour for any share: it is no judgement. */
  gtk_level_bar_remove_offset_value (GTK_LEVEL_BAR (bar), GTK_LEVEL_BAR_OFFSET_LOW);
  gtk_level_bar_remove_offset_value (GTK_LEVEL_BAR (bar), GTK_LEVEL_BAR_OFFSET_HIGH);
  gtk_level_bar_remove_offset_value (GTK_LEVEL_BAR (bar), GTK_LEVEL_BAR_OFFSET_FULL);
  gtk_level_bar_set_value (GTK_LEVEL_BAR (bar), CLAMP (share, 0, 1));
  eqs_set_name (bar, name);
  gtk_widget_set_tooltip_text (bar, name);
  gtk_box_append (GTK_BOX (box), bar);
  eqs_row_append_plain (list, box, name);
}

/* Numbers of an output for one sample; 0 where that depends on the sample. */
static gsize
output_bytes (const EqkPortType *type)
{
  if (type == NULL || (type->space.kind != EQK_SPACE_SAMPLE && type->space.kind != EQK_SPACE_GRID))
    return 0;
  return sizeof (float) * (gsize) eqk_rep_get_dim (type->rep) * (type->space.kind == EQK_SPACE_GRID ? (gsize) type->space.h * (gsize) type->space.w : 1);
}

void
eqs_details_append_cost (GtkWidget *box, EqsSession *session, const char *path)
{
  const EqsCheck    *check = eqs_session_get_check (session);
  const EqsNodeCost *cost = eqs_session_get_cost (session, path);
  const gsize        bytes = output_bytes (eqs_session_get_type_at (session, path, NULL));
  g_autofree char   *parameters = NULL, *macs = NULL, *below = NULL;
  const EqsNode     *node = eqs_document_find_node (eqs_session_get_document (session), path);
  const gboolean     block = node != NULL && eqs_document_get_body (eqs_session_get_document (session), node) != NULL;
  GtkWidget         *list;

  if (check == NULL || check->program == NULL || cost == NULL || (cost->kernel_node < 0 && !block))
    return;
  list = eqs_boxed_list_new (_("Cost"));
  parameters = eqs_count_dup_text (cost->parameters);
  macs = eqs_macs_dup_text (cost->macs);
  below = block ? g_strdup (_("with all that is inside")) : eqs_formula_dup (check->program, cost->kernel_node, cost->parameters);
  if (cost->parameters > 0)
    append_share (list, _("Parameters"), parameters, below, (double) cost->parameters / (double) MAX (check->parameters, 1));
  else
    eqs_row_append_text (list, _("Parameters"), parameters);
  if (cost->macs > 0)
    append_share (list, _("Multiply-adds"), macs, _("for one sample"), cost->macs / MAX (check->macs, 1));
  if (bytes > 0)
    {
      g_autofree char *text = eqs_bytes_dup_text (bytes);

      eqs_row_append_text (list, _("Output, one sample"), text);
    }
  gtk_box_append (GTK_BOX (box), eqs_heading_new (_("Cost")));
  gtk_box_append (GTK_BOX (box), list);
}

/* ---- why these limits ---- */

static int
append_reason (GtkWidget *grid, int row, const char *what, const char *why)
{
  GtkWidget *key = eqs_text_new (what, "eq-name"), *text = eqs_text_new (why, "eq-second");

  gtk_widget_set_valign (key, GTK_ALIGN_START);
  gtk_label_set_max_width_chars (GTK_LABEL (key), 11);
  gtk_widget_set_hexpand (text, TRUE);
  gtk_grid_attach (GTK_GRID (grid), key, 0, row, 1, 1);
  gtk_grid_attach (GTK_GRID (grid), text, 1, row, 1, 1);
  return row + 1;
}

void
eqs_details_append_limits (GtkWidget *box, EqsSession *session, const char *path)
{
  const EqkLayerType *layer = layer_of (session, path);
  const EqkPortType  *type = eqs_session_get_type_at (session, path, NULL);
  const EqkLintRule  *rule = type == NULL || type->guarantee.code == NULL ? NULL : eqk_lint_find (type->guarantee.code);
  GtkWidget          *grid = gtk_grid_new ();
  EqkSymmetry         symmetry;
  EqkDiag             why = EQK_DIAG_INIT;
  int                 row = 0;

  gtk_grid_set_column_spacing (GTK_GRID (grid), 12);
  gtk_grid_set_row_spacing (GTK_GRID (grid), 6);
  if (layer != NULL && layer->admits != NULL && eqs_session_get_symmetry (session, &symmetry) && !layer->admits (&symmetry, NULL, &why))
    row = append_reason (grid, row, eqk_group_get_notation (symmetry.group), _(why.what));
  if (rule != NULL)
    {
      const EqsCheck *check = eqs_session_get_check (session);
      const char     *first = type->guarantee.node < 0 ? NULL : eqk_graph_node_id (eqk_typed_graph (check->typed), type->guarantee.node);
      g_autofree char *origin = first == NULL ? NULL : eqs_compile_dup_path (first);
      g_autofree char *text = origin == NULL || strcmp (origin, path) == 0 ? g_strdup (_(rule->why)) : g_strdup_printf (_("From “%s” on: %s"), eqs_outline_path_title (eqs_session_get_document (session), origin), _(rule->why));

      row = append_reason (grid, row, type->guarantee.holds == EQK_HOLDS_LOST ? _("Broken") : _("Partly exact"), text);
    }
  for (const EqkParam *p = layer == NULL ? NULL : layer->params; p != NULL && p->name != NULL; p++)
    {
      g_autofree char *range = p->kind == EQK_PARAM_CHOICE ? NULL : eqs_param_dup_range (p);
      g_autofree char *text = range == NULL ? NULL : g_strdup_printf (_("%s. Allowed: %s."), p->doc == NULL ? "" : _(p->doc), range);

      if (text != NULL)
        row = append_reason (grid, row, p->title == NULL ? p->name : _(p->title), text);
    }
  if (row == 0)
    {
      g_object_ref_sink (grid);
      g_object_unref (grid);
      return;
    }
  gtk_box_append (GTK_BOX (box), eqs_heading_new (_("Why these limits")));
  gtk_box_append (GTK_BOX (box), grid);
}
