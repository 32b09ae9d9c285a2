/* A list in a popover, narrowed by what is typed; Enter takes the first row that is left. */

#include "widgets/outline/end-popovers.h"

#include "studio/catalogue.h"
#include "studio/definitions.h"
#include "studio/editing.h"
#include "studio/outline.h"
#include "studio/trial.h"
#include "widgets/parts.h"

#include <glib/gi18n-lib.h>
#include <string.h>

typedef struct
{
  EqsSession   *session;            /* owned */
  GtkWidget    *popover, *entry, *list;
  char         *path, *port;        /* owned (nullable): the end that is held */
  gboolean      from_output;
  GCancellable *cancellable;        /* owned */
  GPtrArray    *catalogue;          /* owned (nullable) */
} Choice;

static void
choice_free (gpointer data)
{
  Choice *choice = data;

  g_cancellable_cancel (choice->cancellable);
  g_object_unref (choice->cancellable);
  g_object_unref (choice->session);
  g_clear_pointer (&choice->catalogue, g_ptr_array_unref);
  g_free (choice->path);
  g_free (choice->port);
  g_free (choice);
}

static gboolean
matches_cb (GtkListBoxRow *row, gpointer data)
{
  Choice *choice = data;

  return eqs_text_has_words (g_object_get_data (G_OBJECT (row), "text"), gtk_editable_get_text (GTK_EDITABLE (choice->entry)));
}

static void
search_cb (GtkSearchEntry *entry, Choice *choice)
{
  gtk_list_box_invalidate_filter (GTK_LIST_BOX (choice->list));
}

static void
enter_cb (GtkSearchEntry *entry, Choice *choice)
{
  for (GtkWidget *child = gtk_widget_get_first_child (choice->list); child != NULL; child = gtk_widget_get_next_sibling (child))
    if (GTK_IS_LIST_BOX_ROW (child) && gtk_widget_get_child_visible (child))
      {
        g_signal_emit_by_name (choice->list, "row-activated", child);
        return;
      }
}

static void
stop_cb (GtkSearchEntry *entry, Choice *choice)
{
  gtk_popover_popdown (GTK_POPOVER (choice->popover));
}

static gboolean
down_cb (GtkEventControllerKey *keys, guint key, guint code, GdkModifierType state, Choice *choice)
{
  if (key != GDK_KEY_Down)
    return FALSE;
  gtk_widget_child_focus (choice->list, GTK_DIR_TAB_FORWARD);
  return TRUE;
}

static Choice *
choice_new (EqsSession *session, const char *name)
{
  Choice    *choice = g_new0 (Choice, 1);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8), *scroll;
  GtkEventController *keys = gtk_event_controller_key_new ();

  choice->session = g_object_ref (session);
  choice->cancellable = g_cancellable_new ();
  choice->popover = gtk_popover_new ();
  choice->entry = gtk_search_entry_new ();
  choice->list = gtk_list_box_new ();
  g_object_set (choice->entry, "placeholder-text", name, NULL);
  eqs_set_name (choice->entry, name);
  eqs_set_name (choice->list, name);
  eqs_set_name (choice->popover, name);
  gtk_list_box_set_filter_func (GTK_LIST_BOX (choice->list), matches_cb, choice, NULL);
  scroll = eqs_scrolled_new (choice->list, name);
  gtk_widget_set_size_request (scroll, 300, 260);
  gtk_box_append (GTK_BOX (box), choice->entry);
  gtk_box_append (GTK_BOX (box), scroll);
  gtk_popover_set_child (GTK_POPOVER (choice->popover), box);
  g_object_set_data_full (G_OBJECT (choice->popover), "choice", choice, choice_free);
  g_signal_connect (choice->entry, "search-changed", G_CALLBACK (search_cb), choice);
  g_signal_connect (choice->entry, "activate", G_CALLBACK (enter_cb), choice);
  g_signal_connect (choice->entry, "stop-search", G_CALLBACK (stop_cb), choice);
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect (keys, "key-pressed", G_CALLBACK (down_cb), choice);
  gtk_widget_add_controller (choice->entry, keys);
  return choice;
}

static GtkWidget *
append (Choice *choice, const char *title, const char *detail, const char *text)
{
  GtkWidget *row = gtk_list_box_row_new (), *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  gtk_box_append (GTK_BOX (box), eqs_line_new (title, NULL));
  gtk_box_append (GTK_BOX (box), eqs_text_new (detail, "eq-caption"));
  gtk_widget_set_visible (gtk_widget_get_last_child (box), detail[0] != '\0');
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  g_object_set_data_full (G_OBJECT (row), "text", g_strdup (text), g_free);
  eqs_set_name (row, title);
  gtk_list_box_append (GTK_LIST_BOX (choice->list), row);
  return row;
}

/* ---- joining ---- */

static int
fits_first_cb (GtkListBoxRow *a, GtkListBoxRow *b, gpointer data)
{
  return GPOINTER_TO_INT (g_object_get_data (G_OBJECT (a), "order")) - GPOINTER_TO_INT (g_object_get_data (G_OBJECT (b), "order"));
}

static void
trial_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  GtkWidget *popover = data;
  Choice    *choice = g_object_get_data (G_OBJECT (popover), "choice");
  g_autoptr (GHashTable) answers = eqs_trial_connect_finish (result, NULL);

  for (GtkWidget *row = answers == NULL || choice == NULL ? NULL : gtk_widget_get_first_child (choice->list); row != NULL; row = gtk_widget_get_next_sibling (row))
    {
      const char *reason = g_hash_table_lookup (answers, g_object_get_data (G_OBJECT (row), "end"));
      GtkWidget  *detail = gtk_widget_get_last_child (gtk_list_box_row_get_child (GTK_LIST_BOX_ROW (row)));

      gtk_label_set_label (GTK_LABEL (detail), reason == NULL ? "" : reason);
      gtk_widget_set_visible (detail, reason != NULL);
      gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, reason == NULL ? _("fits") : reason, -1);
      if (reason != NULL)
        {
          gtk_widget_add_css_class (gtk_widget_get_first_child (gtk_widget_get_parent (detail)), "dim-label");
          g_object_set_data (G_OBJECT (row), "order", GINT_TO_POINTER (GPOINTER_TO_INT (g_object_get_data (G_OBJECT (row), "order")) + 100000));
        }
    }
  if (answers != NULL && choice != NULL)
    gtk_list_box_invalidate_sort (GTK_LIST_BOX (choice->list));
  g_object_unref (popover);
}

static void
join_cb (GtkListBox *list, GtkListBoxRow *row, Choice *choice)
{
  g_auto (GStrv) end = g_strsplit (g_object_get_data (G_OBJECT (row), "end"), ".", 2);

  g_object_ref (choice->popover);
  if (choice->from_output)
    eqs_session_join (choice->session, choice->path, choice->port, end[0], end[1]);
  else
    eqs_session_join (choice->session, end[0], end[1], choice->path, choice->port);
  gtk_popover_popdown (GTK_POPOVER (choice->popover));
  g_object_unref (choice->popover);
}

static void
add_end (Choice *choice, const char *scope, const EqsNode *node, const char *port, int order)
{
  const char      *called = eqs_document_get_shown_title (eqs_session_get_document (choice->session), node);
  g_autofree char *title = NULL, *end = g_strdup_printf ("%s%s%s.%s", scope, scope[0] == '\0' ? "" : "/", eqs_node_get_id (node), port);
  GtkWidget       *row;

  /* Translators: a layer and the name of one of its ports. */
  title = g_strdup_printf (choice->from_output ? _("%s, input %s") : _("%s, output %s"), called, port);
  row = append (choice, title, "", title);
  g_object_set_data_full (G_OBJECT (row), "end", g_steal_pointer (&end), g_free);
  g_object_set_data (G_OBJECT (row), "order", GINT_TO_POINTER (order));
}

/* Every end of the other side that stands in the graph, in the order of the flow. */
static void
add_ends (Choice *choice, EqsGraph *graph, const char *scope, const char *id)
{
  g_autoptr (GPtrArray) order = eqs_outline_order (graph);

  for (guint i = 0; i < order->len; i++)
    {
      const EqsNode      *node = g_ptr_array_index (order, i);
      const EqkLayerType *layer = eqk_layer_find (eqs_node_get_layer (node));
      const EqkPort      *port = layer == NULL ? NULL : choice->from_output ? layer->inputs : layer->outputs;
      g_autoptr (GPtrArray) border = eqs_document_list_border (eqs_session_get_document (choice->session), node, !choice->from_output);

      if (strcmp (eqs_node_get_id (node), id) == 0)
        continue;
      for (; port != NULL && port->name != NULL; port++)
        add_end (choice, scope, node, port->name, (int) i);
      for (guint k = 0; k < border->len; k++)
        add_end (choice, scope, node, border->pdata[k], (int) i);
    }
}

GtkWidget *
eqs_connect_popover_new (EqsSession *session, const char *path, const char *port, gboolean from_output)
{
  g_return_val_if_fail (EQS_IS_SESSION (session), NULL);

  EqsDocument        *document = eqs_session_get_document (session);
  const EqsNode      *node = eqs_document_find_node (document, path);
  const EqkLayerType *layer = node == NULL ? NULL : eqk_layer_find (eqs_node_get_layer (node));
  const char         *slash = strrchr (path, '/');
  g_autofree char    *scope = slash == NULL ? g_strdup ("") : g_strndup (path, (gsize) (slash - path));
  EqsGraph           *graph = eqs_document_get_graph (document, scope);
  Choice             *choice;

  if (node != NULL && port == NULL)
    {
      const int link = eqs_graph_find_link (graph, eqs_node_get_id (node), NULL, NULL, NULL);

      if (layer != NULL && layer->outputs != NULL)
        port = layer->outputs[0].name;
      else if (link >= 0)
        port = eqs_graph_get_link (graph, (guint) link)->from_port;
    }
  if (node == NULL || port == NULL)
    {
      eqs_session_message (session, "%s", _("This layer has no output."));
      return NULL;
    }
  choice = choice_new (session, _("Connect to"));
  choice->path = g_strdup (path);
  choice->port = g_strdup (port);
  choice->from_output = from_output;
  gtk_list_box_set_sort_func (GTK_LIST_BOX (choice->list), fits_first_cb, NULL, NULL);
  add_ends (choice, graph, scope, eqs_node_get_id (node));
  g_signal_connect (choice->list, "row-activated", G_CALLBACK (join_cb), choice);
  eqs_trial_connect_async (document, scope, eqs_node_get_id (node), port, from_output, choice->cancellable, trial_cb, g_object_ref_sink (choice->popover));
  return choice->popover;
}

/* ---- adding ---- */

static void
add_cb (GtkListBox *list, GtkListBoxRow *row, Choice *choice)
{
  g_object_ref (choice->popover);
  if (g_object_get_data (G_OBJECT (row), "definition") != NULL)
    eqs_session_add_use (choice->session, g_object_get_data (G_OBJECT (row), "definition"));
  else
    eqs_catalogue_add (choice->session, g_object_get_data (G_OBJECT (row), "layer"));
  gtk_popover_popdown (GTK_POPOVER (choice->popover));
  g_object_unref (choice->popover);
}

GtkWidget *
eqs_layer_popover_new (EqsSession *session)
{
  g_return_val_if_fail (EQS_IS_SESSION (session), NULL);

  Choice      *choice = choice_new (session, _("Add a layer after"));
  EqsDocument *document = eqs_session_get_document (session);

  for (guint i = 0; i < eqs_document_get_n_definitions (document); i++)
    {
      const EqsNode *definition = eqs_document_get_definition (document, i);
      const char    *title = eqs_node_get_shown_title (definition), *id = eqs_node_get_id (definition);

      if (eqs_definition_fits (document, eqs_session_get_scope (session), id))
        g_object_set_data_full (G_OBJECT (append (choice, title, _("Block of this design"), title)), "definition", g_strdup (id), g_free);
    }
  choice->catalogue = eqs_catalogue_new (document);
  for (guint i = 0; i < choice->catalogue->len; i++)
    {
      const EqsCatalogueRow *entry = g_ptr_array_index (choice->catalogue, i);
      g_autofree char       *text = g_strdup_printf ("%s %s %s", _(entry->layer->title), entry->layer->id, _(entry->layer->category));

      if (entry->may_add && entry->why == NULL)
        g_object_set_data (G_OBJECT (append (choice, _(entry->layer->title), "", text)), "layer", (gpointer) entry->layer->id);
    }
  g_signal_connect (choice->list, "row-activated", G_CALLBACK (add_cb), choice);
  return choice->popover;
}

/* ---- naming ---- */

static void
title_cb (GtkEntry *entry, Choice *choice)
{
  g_object_ref (choice->popover);
  eqs_history_seal (eqs_session_get_history (choice->session));
  eqs_session_do (choice->session, eqs_command_new_set_title (choice->path, gtk_editable_get_text (GTK_EDITABLE (entry))));
  eqs_history_seal (eqs_session_get_history (choice->session));
  gtk_popover_popdown (GTK_POPOVER (choice->popover));
  g_object_unref (choice->popover);
}

GtkWidget *
eqs_title_popover_new (EqsSession *session, const char *path)
{
  g_return_val_if_fail (EQS_IS_SESSION (session), NULL);

  Choice        *choice = g_new0 (Choice, 1);
  const EqsNode *node = eqs_document_find_node (eqs_session_get_document (session), path);

  choice->session = g_object_ref (session);
  choice->cancellable = g_cancellable_new ();
  choice->path = g_strdup (path);
  choice->popover = gtk_popover_new ();
  choice->entry = gtk_entry_new ();
  gtk_editable_set_text (GTK_EDITABLE (choice->entry), node == NULL ? "" : eqs_document_get_shown_title (eqs_session_get_document (session), node));
  gtk_editable_set_width_chars (GTK_EDITABLE (choice->entry), 24);
  gtk_editable_select_region (GTK_EDITABLE (choice->entry), 0, -1);
  eqs_set_name (choice->entry, _("Title of the layer"));
  eqs_set_name (choice->popover, _("Title of the layer"));
  gtk_popover_set_child (GTK_POPOVER (choice->popover), choice->entry);
  g_object_set_data_full (G_OBJECT (choice->popover), "choice", choice, choice_free);
  g_signal_connect (choice->entry, "activate", G_CALLBACK (title_cb), choice);
  return choice->popover;
}

/* ---- showing ---- */

static gboolean
once_cb (gpointer data)
{
  return G_SOURCE_REMOVE;
}

static void
closed_cb (GtkPopover *popover, gpointer data)
{
  /* What the popover does on its way out may still need it. */
  g_object_ref (popover);
  gtk_widget_unparent (GTK_WIDGET (popover));
  g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, once_cb, popover, g_object_unref);
}

void
eqs_end_popover_show (GtkWidget *popover, GtkWidget *parent, const GdkRectangle *at)
{
  Choice *choice = g_object_get_data (G_OBJECT (popover), "choice");

  gtk_widget_set_parent (popover, parent);
  gtk_popover_set_position (GTK_POPOVER (popover), GTK_POS_BOTTOM);
  gtk_popover_set_pointing_to (GTK_POPOVER (popover), at);
  g_signal_connect_after (popover, "closed", G_CALLBACK (closed_cb), NULL);
  gtk_popover_popup (GTK_POPOVER (popover));
  gtk_widget_grab_focus (choice->entry);
}
