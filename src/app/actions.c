/* Rows of the window and the application; widgets bring their own tables. */

#include "app/actions.h"

#include "widgets/canvas/canvas.h"
#include "widgets/outline/outline.h"
#include "widgets/symmetry/symmetry-view.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static const EqsActionRow window_rows[] = {
  { "app.new", N_("New design"), N_("File"), { "<Control>n" } },
  { "win.open", N_("Open a design"), N_("File"), { "<Control>o" } },
  { "win.save", N_("Save"), N_("File"), { "<Control>s" } },
  { "win.save-as", N_("Save as"), N_("File"), { "<Control><Shift>s" } },
  { "win.save-picture", N_("Save a picture of the design"), N_("File"), { NULL } },
  { "win.export", N_("Export"), N_("File"), { "<Control>e" } },
  { "app.new-window", N_("New window"), N_("File"), { "<Control><Shift>n" } },
  { "win.close", N_("Close the window"), N_("File"), { "<Control>w" } },
  { "app.quit", N_("Quit"), N_("File"), { "<Control>q" } },

  { "win.undo", N_("Undo"), N_("Editing"), { "<Control>z" } },
  { "win.redo", N_("Redo"), N_("Editing"), { "<Control><Shift>z", "<Control>y" } },
  { "win.history", N_("History of changes"), N_("Editing"), { "<Control><Alt>z" } },

  { "win.snapshots", N_("Snapshots and differences"), N_("Design"), { "<Control><Alt>s" } },
  { "win.group", N_("Symmetry group"), N_("Design"), { NULL } },
  { "win.filters", N_("Filters that the symmetry allows"), N_("Design"), { "<Control><Shift>k" } },
  { "win.inspect-data", N_("Inspect the data"), N_("Training"), { "<Control><Shift>d" } },
  { "win.check", N_("Check the design"), N_("Training"), { "F5" } },
  { "win.train", N_("Train"), N_("Training"), { "F6", "<Control>Return" } },
  { "win.train-ways", N_("Train exact, relaxed and augmented"), N_("Training"), { NULL } },
  { "win.stop", N_("Stop training"), N_("Training"), { "F7" } },
  { "win.symmetry", N_("Show the symmetry view"), N_("Training"), { "<Control><Shift>y" } },
  { "win.peek", N_("Values on the wire"), N_("Training"), { "<Control><Shift>l" } },
  { "win.try", N_("Try the network on a drawing"), N_("Training"), { "<Control><Shift>t" } },
  { "win.gradients", N_("Check the gradients"), N_("Training"), { NULL } },
  { "win.audit", N_("Audit the symmetry"), N_("Training"), { "<Control><Shift>e" } },
  { "win.next-problem", N_("Next problem"), N_("Training"), { "F8" } },
  { "win.previous-problem", N_("Previous problem"), N_("Training"), { "<Shift>F8" } },

  { "win.toggle-left", N_("Show or hide the left panel"), N_("Window"), { "F9" } },
  { "win.toggle-right", N_("Show or hide the inspector"), N_("Window"), { "<Control>F9" } },
  { "win.outline", N_("Go to the outline"), N_("Window"), { "<Control><Shift>o" } },
  { "win.inspect", N_("Go to the inspector"), N_("Window"), { "<Control><Shift>i" } },
  { "win.to-canvas", N_("Go to the canvas"), N_("Window"), { "<Control><Shift>j" } },
  { "win.data", N_("Go to the data"), N_("Window"), { "<Control><Shift>b" } },
  { "win.toggle-bottom", N_("Show or hide the panel below"), N_("Window"), { "<Control>j" } },
  { "win.fullscreen", N_("Full screen"), N_("Window"), { "F11" } },
  { "win.commands", N_("Search all commands"), N_("Window"), { "<Control><Shift>p" } },
  { "win.menu", N_("Main menu"), N_("Window"), { "F10" } },

  { "win.help", N_("Help"), N_("Help"), { "F1" } },
  { "app.preferences", N_("Preferences"), N_("Help"), { "<Control>comma" } },
  { "win.shortcuts", N_("Keyboard shortcuts"), N_("Help"), { "<Control>question" } },
  { "app.about", N_("About Equistudio"), N_("Help"), { NULL } },
  { NULL, NULL, NULL, { NULL } }
};

const EqsActionRow *const *
eqs_actions_tables (void)
{
  static const EqsActionRow *const tables[] = { window_rows, eqs_canvas_actions, eqs_outline_actions, eqs_symmetry_actions, NULL };

  return tables;
}

void
eqs_actions_set_accels (GtkApplication *application)
{
  for (const EqsActionRow *row = window_rows; row->action != NULL; row++)
    {
      const char *const accels[] = { row->keys[0], row->keys[0] == NULL ? NULL : row->keys[1], NULL };

      gtk_application_set_accels_for_action (application, row->action, accels);
    }
}

/* ---- the shortcuts window ---- */

static void
open_element (GString *xml, const char *class, const char *title)
{
  g_autofree char *escaped = g_markup_escape_text (title, -1);

  g_string_append_printf (xml, "<child><object class='%s'><property name='title'>%s</property>", class, escaped);
}

static void
write_shortcut (GString *xml, const EqsActionRow *row)
{
  g_autofree char *keys = g_markup_escape_text (row->keys[0], -1);

  open_element (xml, "GtkShortcutsShortcut", _(row->title));
  g_string_append_printf (xml, "<property name='accelerator'>%s</property></object></child>", keys);
}

/* GTK 4.8 takes sections only from a builder, so one is written. */
GtkWidget *
eqs_actions_new_shortcuts_window (void)
{
  g_autoptr (GString)    xml = g_string_new ("<interface><object class='GtkShortcutsWindow' id='window'><property name='modal'>1</property>"
                                             "<child><object class='GtkShortcutsSection'><property name='section-name'>all</property><property name='max-height'>14</property>");
  g_autoptr (GtkBuilder) builder = NULL;
  const EqsActionRow *const *tables = eqs_actions_tables ();

  for (guint t = 0; tables[t] != NULL; t++)
    {
      const char *group = NULL;

      for (const EqsActionRow *row = tables[t]; row->action != NULL; row++)
        {
          if (row->keys[0] == NULL)
            continue;
          if (g_strcmp0 (row->group, group) != 0)
            {
              if (group != NULL)
                g_string_append (xml, "</object></child>");
              open_element (xml, "GtkShortcutsGroup", _(group = row->group));
            }
          write_shortcut (xml, row);
        }
      if (group != NULL)
        g_string_append (xml, "</object></child>");
    }
  g_string_append (xml, "</object></child></object></interface>");
  builder = gtk_builder_new_from_string (xml->str, (gssize) xml->len);
  return GTK_WIDGET (gtk_builder_get_object (builder, "window"));
}
