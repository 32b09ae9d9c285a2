/*
 * The inspector. Sections that are derived are made anew after each check; the form stays as long as the same node of the same
 * layer is selected, so that typing is not disturbed, and follows undo by refreshing its rows.
 */

#include "widgets/inspector/inspector.h"

#include "widgets/inspector/apart.h"
#include "widgets/inspector/definitions.h"
#include "widgets/inspector/node-details.h"
#include "widgets/inspector/param-row.h"
#include "widgets/inspector/project-sheet.h"
#include "widgets/inspector/subgroups.h"
#include "widgets/numbers.h"
#include "widgets/filters/filter-window.h"
#include "widgets/parts.h"

#include <glib/gi18n-lib.h>
#include <string.h>

struct _EqsInspector
{
  GtkWidget   parent_instance;

  EqsSession *session;                             /* owned */
  GtkWidget  *scroll;                              /* owned by being the child */
  GtkWidget  *head, *problems, *form, *details;    /* borrowed: boxes */
  GPtrArray  *rows;                                /* owned: of borrowed EqsParamRow in the form */
  char       *path, *layer;                        /* owned (nullable): what the form is for */
};

G_DEFINE_FINAL_TYPE (EqsInspector, eqs_inspector, GTK_TYPE_WIDGET)

static void
append_title (EqsInspector *self, const char *title, const char *pill, const char *style)
{
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8), *label = eqs_text_new (title, "eq-panel-title");

  gtk_widget_set_hexpand (label, TRUE);
  gtk_box_append (GTK_BOX (line), label);
  if (pill != NULL)
    gtk_box_append (GTK_BOX (line), eqs_pill_new (pill, style));
  gtk_box_append (GTK_BOX (self->head), line);
}

static void
title_cb (GtkEditable *entry, EqsInspector *self)
{
  EqsNode *node = self->path == NULL ? NULL : eqs_document_find_node (eqs_session_get_document (self->session), self->path);

  if (node != NULL && g_strcmp0 (gtk_editable_get_text (entry), eqs_node_get_title (node) == NULL ? "" : eqs_node_get_title (node)) != 0)
    eqs_session_do (self->session, eqs_command_new_set_title (self->path, gtk_editable_get_text (entry)));
}

/* What it is called where it has no title of its own. */
static const char *
usual_title (EqsInspector *self, EqsNode *node, const EqkLayerType *layer)
{
  const EqsNode *definition = eqs_document_get_definition_of (eqs_session_get_document (self->session), node);

  return layer != NULL ? _(layer->title) : definition != NULL ? eqs_node_get_shown_title (definition) :
         eqs_node_get_body (node) != NULL ? _("Block") : eqs_node_get_layer (node);
}

/* A block is no layer, and yet has settings. */
static const EqkParam block_params[] = {
  { "n", N_("Copies in a row"), EQK_PARAM_INT, "1", 1, 64, NULL, N_("Each copy but the first takes the output y of the one before") },
  { "shared", N_("Copies share weights"), EQK_PARAM_BOOL, "off", 0, 1, NULL, N_("One set of weights for all copies") },
  { NULL, NULL, EQK_PARAM_INT, NULL, 0, 0, NULL, NULL }
};

/* What the form is made for: another layer, or a use where there was a block, has other rows. (transfer full) */
static char *
form_kind (EqsInspector *self, const EqsNode *node)
{
  const EqsNode *definition = eqs_document_get_definition_of (eqs_session_get_document (self->session), node);

  return definition == NULL ? g_strdup (eqs_node_get_layer (node)) : g_strdup_printf ("%s#%s", eqs_node_get_layer (node), eqs_node_get_id (definition));
}

/* ---- one node ---- */

static void
make_form (EqsInspector *self, EqsNode *node, const EqkLayerType *layer)
{
  GtkWidget *list = eqs_boxed_list_new (_("Properties")), *name = gtk_entry_new (), *definition = eqs_definition_entry_new (self->session, self->path);

  gtk_editable_set_text (GTK_EDITABLE (name), eqs_node_get_title (node) == NULL ? "" : eqs_node_get_title (node));
  gtk_entry_set_placeholder_text (GTK_ENTRY (name), usual_title (self, node, layer));
  gtk_editable_set_max_width_chars (GTK_EDITABLE (name), 16);
  gtk_editable_set_width_chars (GTK_EDITABLE (name), 8);
  eqs_set_name (name, _("Title"));
  g_signal_connect (name, "changed", G_CALLBACK (title_cb), self);
  eqs_row_append (list, _("Title"), name);
  if (definition != NULL)
    eqs_row_append (list, _("Definition"), definition);
  for (const EqkParam *p = layer != NULL ? layer->params : eqs_document_get_body (eqs_session_get_document (self->session), node) != NULL ? block_params : NULL; p != NULL && p->name != NULL; p++)
    g_ptr_array_add (self->rows, eqs_param_row_append (list, self->session, self->path, p));
  gtk_box_append (GTK_BOX (self->form), eqs_heading_new (_("Properties")));
  gtk_box_append (GTK_BOX (self->form), list);
  g_object_set_data (G_OBJECT (self->form), "title", name);
  g_object_set_data (G_OBJECT (self->form), "definition", definition);
}

static void
refresh_title_entry (EqsInspector *self, EqsNode *node)
{
  GtkWidget  *entry = g_object_get_data (G_OBJECT (self->form), "title"), *definition = g_object_get_data (G_OBJECT (self->form), "definition");
  const char *title = eqs_node_get_title (node) == NULL ? "" : eqs_node_get_title (node);

  if (entry != NULL && strcmp (gtk_editable_get_text (GTK_EDITABLE (entry)), title) != 0)
    gtk_editable_set_text (GTK_EDITABLE (entry), title);
  if (definition == NULL)
    return;
  eqs_definition_entry_refresh (definition);
  gtk_entry_set_placeholder_text (GTK_ENTRY (entry), usual_title (self, node, NULL));
}

static void
forget_form (EqsInspector *self)
{
  g_ptr_array_set_size (self->rows, 0);
  g_object_set_data (G_OBJECT (self->form), "title", NULL);
  g_object_set_data (G_OBJECT (self->form), "definition", NULL);
  g_clear_pointer (&self->path, g_free);
  g_clear_pointer (&self->layer, g_free);
  eqs_box_clear (self->form);
}

static void
show_help_buttons (EqsInspector *self)
{
  GtkWidget *help = eqs_wrapping_button_new (_("Help")), *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);

  gtk_actionable_set_action_name (GTK_ACTIONABLE (help), "win.help");
  gtk_widget_set_halign (line, GTK_ALIGN_START);
  gtk_widget_set_margin_top (line, 10);
  if (self->path != NULL && eqs_filters_exist (self->session, self->path))
    {
      GtkWidget *filters = eqs_wrapping_button_new (_("Allowed filters"));

      gtk_actionable_set_action_name (GTK_ACTIONABLE (filters), "win.filters");
      gtk_box_append (GTK_BOX (line), filters);
    }
  gtk_box_append (GTK_BOX (line), help);
  gtk_box_append (GTK_BOX (self->details), line);
}

/* @param section (nullable) nothing to say here */
static void
append_section (EqsInspector *self, GtkWidget *section)
{
  if (section != NULL)
    gtk_box_append (GTK_BOX (self->details), section);
}

static void
show_node (EqsInspector *self, const char *path, EqsNode *node)
{
  const EqkLayerType *layer = eqk_layer_find (eqs_node_get_layer (node));
  g_autofree char    *sentence = eqs_details_dup_sentence (self->session, path), *kind = form_kind (self, node);
  const char         *style, *verdict = eqs_details_get_verdict (self->session, path, &style);

  if (g_strcmp0 (self->path, path) != 0 || g_strcmp0 (self->layer, kind) != 0)
    {
      g_autofree char *held = g_strdup (path);

      forget_form (self);
      self->path = g_steal_pointer (&held);
      self->layer = g_steal_pointer (&kind);
      make_form (self, node, layer);
    }
  else
    {
      for (guint i = 0; i < self->rows->len; i++)
        eqs_param_row_refresh (g_ptr_array_index (self->rows, i));
      refresh_title_entry (self, node);
    }
  append_title (self, eqs_node_get_title (node) != NULL ? eqs_node_get_title (node) : usual_title (self, node, layer), verdict, style);
  if (layer != NULL && eqs_node_get_title (node) != NULL && strcmp (eqs_node_get_title (node), _(layer->title)) != 0)
    gtk_box_append (GTK_BOX (self->head), eqs_text_new (_(layer->title), "eq-caption"));
  if (eqs_node_is_bypassed (node))
    gtk_box_append (GTK_BOX (self->head), eqs_text_new (_("Bypassed: what comes in goes on as it is."), "eq-warn"));
  gtk_box_append (GTK_BOX (self->head), eqs_text_new (sentence, "eq-second"));
  eqs_details_append_problems (self->problems, self->session, self->path);
  append_section (self, eqs_definition_part_new (self->session, self->path));
  append_section (self, eqs_subgroups_new (self->session, self->path));
  append_section (self, eqs_apart_new (self->session, self->path));
  eqs_details_append_fields (self->details, self->session, self->path);
  eqs_details_append_cost (self->details, self->session, self->path);
  eqs_details_append_limits (self->details, self->session, self->path);
  show_help_buttons (self);
}

/* ---- several, none ---- */

static void
show_several (EqsInspector *self, const char *const *paths, guint n)
{
  g_autofree char *title = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u layer selected", "%u layers selected", n), n), *parameters = NULL, *macs_text = NULL;
  GtkWidget *list = eqs_boxed_list_new (_("Cost"));
  const EqsCheck *check = eqs_session_get_check (self->session);
  gint64 total = 0;
  double macs = 0;

  forget_form (self);
  for (guint i = 0; i < n; i++)
    {
      const EqsNodeCost *cost = eqs_session_get_cost (self->session, paths[i]);

      total += cost == NULL ? 0 : cost->parameters;
      macs += cost == NULL ? 0 : cost->macs;
      eqs_details_append_problems (self->problems, self->session, paths[i]);
    }
  parameters = eqs_count_dup_text (total);
  macs_text = eqs_macs_dup_text (macs);
  append_title (self, title, NULL, NULL);
  if (check == NULL || check->program == NULL)      /* what cannot run has no cost */
    {
      g_object_unref (g_object_ref_sink (list));
      return;
    }
  eqs_row_append_text (list, _("Parameters"), parameters);
  eqs_row_append_text (list, _("Multiply-adds, one sample"), macs_text);
  gtk_box_append (GTK_BOX (self->details), eqs_heading_new (_("Cost together")));
  gtk_box_append (GTK_BOX (self->details), list);
}

static void
show_project (EqsInspector *self)
{
  g_autofree char *title = eqs_session_dup_title (self->session);

  append_title (self, title, NULL, NULL);
  eqs_details_append_problems (self->problems, self->session, NULL);
  eqs_project_append_totals (self->problems, self->session);
  eqs_definitions_append (self->problems, self->session);
  if (g_strcmp0 (self->layer, "") == 0)
    return;
  forget_form (self);
  self->layer = g_strdup ("");       /* stands for the project */
  gtk_box_append (GTK_BOX (self->form), eqs_project_form_new (self->session));
}

static void
update (EqsInspector *self)
{
  const char *const *paths = eqs_session_get_selection (self->session);
  const guint n = eqs_session_get_n_selected (self->session);
  EqsNode    *node = n == 1 ? eqs_document_find_node (eqs_session_get_document (self->session), paths[0]) : NULL;

  eqs_box_clear (self->head);
  eqs_box_clear (self->problems);
  eqs_box_clear (self->details);
  if (node != NULL)
    show_node (self, paths[0], node);
  else if (n > 1)
    show_several (self, paths, n);
  else
    show_project (self);
}

/* A panel that has been taken out of its window waits. */
static void
changed_cb (EqsInspector *self)
{
  if (self->scroll != NULL)
    update (self);
}

static void
document_changed_cb (EqsDocument *document, guint what, const char *const *paths, EqsInspector *self)
{
  /* What the check does not follow. */
  if ((what & (EQS_CHANGED_LOOK | EQS_CHANGED_OTHER | EQS_CHANGED_SPEC)) != 0)
    changed_cb (self);
}

GtkWidget *
eqs_inspector_new (EqsSession *session)
{
  g_return_val_if_fail (EQS_IS_SESSION (session), NULL);

  EqsInspector *self = g_object_new (EQS_TYPE_INSPECTOR, NULL);

  self->session = g_object_ref (session);
  g_signal_connect_object (session, "checked", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "selection-changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "data-changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (eqs_session_get_document (session), "changed", G_CALLBACK (document_changed_cb), self, 0);
  update (self);
  return GTK_WIDGET (self);
}

static void
eqs_inspector_dispose (GObject *object)
{
  EqsInspector *self = EQS_INSPECTOR (object);

  g_clear_pointer (&self->scroll, gtk_widget_unparent);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (eqs_inspector_parent_class)->dispose (object);
}

static void
eqs_inspector_finalize (GObject *object)
{
  EqsInspector *self = EQS_INSPECTOR (object);

  g_ptr_array_unref (self->rows);
  g_free (self->path);
  g_free (self->layer);

  G_OBJECT_CLASS (eqs_inspector_parent_class)->finalize (object);
}

static void
eqs_inspector_class_init (EqsInspectorClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = eqs_inspector_dispose;
  G_OBJECT_CLASS (klass)->finalize = eqs_inspector_finalize;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (klass), GTK_ACCESSIBLE_ROLE_GROUP);
}

static GtkWidget *
append_part (GtkWidget *box)
{
  GtkWidget *part = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);

  gtk_box_append (GTK_BOX (box), part);
  return part;
}

static void
eqs_inspector_init (EqsInspector *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);

  self->rows = g_ptr_array_new ();
  self->head = append_part (box);
  self->problems = append_part (box);
  self->form = append_part (box);
  self->details = append_part (box);
  gtk_widget_add_css_class (box, "eq-inspector");
  self->scroll = eqs_scrolled_new (box, _("Inspector"));
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (self->scroll), GTK_POLICY_AUTOMATIC, GTK_POLICY_AUTOMATIC);      /* sideways with large text in a small window */
  gtk_widget_set_parent (self->scroll, GTK_WIDGET (self));
  gtk_widget_add_css_class (GTK_WIDGET (self), "eq-panel");
  gtk_widget_set_size_request (GTK_WIDGET (self), 272, -1);
  eqs_set_name (GTK_WIDGET (self), _("Inspector"));
}
