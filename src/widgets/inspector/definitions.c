/* Buttons and names of definitions. What they do is in studio/definitions.c; here is only what is said of them. */

#include "widgets/inspector/definitions.h"

#include "studio/definitions.h"
#include "widgets/parts.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* ---- one block ---- */

static void
define_cb (EqsSession *session)
{
  eqs_session_define (session);
}

static void
detach_cb (EqsSession *session)
{
  eqs_session_detach (session);
}

static GtkWidget *
action_new (EqsSession *session, const char *label, GCallback callback)
{
  GtkWidget *button = eqs_wrapping_button_new (label);

  gtk_widget_set_halign (button, GTK_ALIGN_START);
  g_signal_connect_object (button, "clicked", callback, session, G_CONNECT_SWAPPED);
  return button;
}

GtkWidget *
eqs_definition_part_new (EqsSession *session, const char *path)
{
  g_return_val_if_fail (EQS_IS_SESSION (session), NULL);

  EqsDocument   *document = eqs_session_get_document (session);
  const EqsNode *node = eqs_document_find_node (document, path), *definition = node == NULL ? NULL : eqs_document_get_definition_of (document, node);
  GtkWidget     *box;

  if (node == NULL || eqs_document_get_body (document, node) == NULL)
    return NULL;
  box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  gtk_box_append (GTK_BOX (box), eqs_heading_new (_("Use elsewhere")));
  if (definition == NULL)
    {
      gtk_box_append (GTK_BOX (box), eqs_text_new (_("This block stands here alone. Made usable elsewhere, it is in the list of layers to add, and an edit inside of it changes every use."), "eq-second"));
      gtk_box_append (GTK_BOX (box), action_new (session, _("Make the block usable elsewhere"), G_CALLBACK (define_cb)));
    }
  else
    {
      const guint      n = eqs_document_count_uses (document, eqs_node_get_id (definition));
      /* Translators: the name of a definition. */
      g_autofree char *text = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "A use of “%s”, its only one. Weights are its own.",
                                                            "A use of “%s”, one of %u. An edit inside of it changes all of them; each has its own weights.", n),
                                               eqs_node_get_shown_title (definition), n);

      gtk_box_append (GTK_BOX (box), eqs_text_new (text, "eq-second"));
      gtk_box_append (GTK_BOX (box), action_new (session, _("Detach from the definition"), G_CALLBACK (detach_cb)));
    }
  return box;
}

static const EqsNode *
definition_of_entry (GtkWidget *entry)
{
  EqsDocument *document = eqs_session_get_document (g_object_get_data (G_OBJECT (entry), "session"));
  g_autofree char *path = g_strconcat ("#", (const char *) g_object_get_data (G_OBJECT (entry), "definition"), NULL);

  return eqs_document_find_node (document, path);
}

static void
name_cb (GtkEditable *entry, EqsSession *session)
{
  const EqsNode *definition = definition_of_entry (GTK_WIDGET (entry));
  const char    *title = definition == NULL || eqs_node_get_title (definition) == NULL ? "" : eqs_node_get_title (definition);

  if (definition != NULL && strcmp (title, gtk_editable_get_text (entry)) != 0)
    eqs_session_rename_definition (session, eqs_node_get_id (definition), gtk_editable_get_text (entry));
}

GtkWidget *
eqs_definition_entry_new (EqsSession *session, const char *path)
{
  g_return_val_if_fail (EQS_IS_SESSION (session), NULL);

  EqsDocument   *document = eqs_session_get_document (session);
  const EqsNode *node = eqs_document_find_node (document, path), *definition = node == NULL ? NULL : eqs_document_get_definition_of (document, node);
  GtkWidget     *entry;

  if (definition == NULL)
    return NULL;
  entry = gtk_entry_new ();
  g_object_set_data_full (G_OBJECT (entry), "definition", g_strdup (eqs_node_get_id (definition)), g_free);
  g_object_set_data_full (G_OBJECT (entry), "session", g_object_ref (session), g_object_unref);
  gtk_entry_set_placeholder_text (GTK_ENTRY (entry), _("Block"));
  gtk_editable_set_max_width_chars (GTK_EDITABLE (entry), 16);
  gtk_editable_set_width_chars (GTK_EDITABLE (entry), 8);
  eqs_set_name (entry, _("Name of the definition"));
  eqs_definition_entry_refresh (entry);
  g_signal_connect_object (entry, "changed", G_CALLBACK (name_cb), session, 0);
  return entry;
}

void
eqs_definition_entry_refresh (GtkWidget *entry)
{
  const EqsNode *definition = definition_of_entry (entry);
  const char    *title = definition == NULL || eqs_node_get_title (definition) == NULL ? "" : eqs_node_get_title (definition);

  if (strcmp (gtk_editable_get_text (GTK_EDITABLE (entry)), title) != 0)
    gtk_editable_set_text (GTK_EDITABLE (entry), title);
}

/* ---- all of them ---- */

static void
open_cb (GtkButton *button, EqsSession *session)
{
  g_autofree char *scope = g_strconcat ("#", (const char *) g_object_get_data (G_OBJECT (button), "definition"), NULL);

  eqs_session_set_scope (session, scope);
}

static void
delete_cb (GtkButton *button, EqsSession *session)
{
  g_autofree char *id = g_strdup (g_object_get_data (G_OBJECT (button), "definition"));

  eqs_session_remove_definition (session, id);
}

static GtkWidget *
row_button (EqsSession *session, const EqsNode *definition, const char *icon, const char *name, GCallback callback)
{
  GtkWidget *button = eqs_icon_button_new (icon, name);

  gtk_widget_add_css_class (button, "flat");
  g_object_set_data_full (G_OBJECT (button), "definition", g_strdup (eqs_node_get_id (definition)), g_free);
  g_signal_connect_object (button, "clicked", callback, session, 0);
  return button;
}

static void
append_definition (GtkWidget *list, EqsSession *session, const EqsNode *definition)
{
  const guint      n = eqs_document_count_uses (eqs_session_get_document (session), eqs_node_get_id (definition));
  const char      *called = eqs_node_get_shown_title (definition);
  g_autofree char *uses = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u use", "%u uses", n), n);
  g_autofree char *open = g_strdup_printf (_("Go into “%s”"), called), *delete = g_strdup_printf (n == 0 ? _("Delete “%s”") : _("“%s” is in use: delete its uses or detach them first"), called);
  GtkWidget       *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 2), *remove = row_button (session, definition, "user-trash-symbolic", delete, G_CALLBACK (delete_cb));

  gtk_box_append (GTK_BOX (box), eqs_text_new (uses, "eq-second"));
  gtk_box_append (GTK_BOX (box), row_button (session, definition, "go-next-symbolic", open, G_CALLBACK (open_cb)));
  gtk_widget_set_sensitive (remove, n == 0);
  gtk_box_append (GTK_BOX (box), remove);
  eqs_row_append (list, called, box);
}

void
eqs_definitions_append (GtkWidget *box, EqsSession *session)
{
  EqsDocument *document = eqs_session_get_document (session);
  const guint  n = eqs_document_get_n_definitions (document);
  GtkWidget   *list;

  if (n == 0)
    return;
  list = eqs_boxed_list_new (_("Blocks used by name"));
  for (guint i = 0; i < n; i++)
    append_definition (list, session, eqs_document_get_definition (document, i));
  gtk_box_append (GTK_BOX (box), eqs_heading_new (_("Blocks used by name")));
  gtk_box_append (GTK_BOX (box), list);
}
