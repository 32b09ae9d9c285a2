/* Notes, frames and bends of wires: what is under the pointer, their editors, and dragging. */

#include "widgets/canvas/canvas-private.h"

#include "studio/items.h"
#include "widgets/parts.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define BEND_REACH 8.0

/* ---- what is where ---- */

void
eqs_canvas_hit_item (EqsCanvas *self, double x, double y, EqsHit *hit)
{
  g_return_if_fail (EQS_IS_CANVAS (self));

  EqsDocument *document = self->plan->document;
  double       box[4];

  if (self->plan->scope[0] != '\0')
    return;
  for (guint i = eqs_document_get_n_items (document, EQS_ITEM_NOTE); i-- > 0 && hit->item == NULL; )
    {
      const EqsMap *note = eqs_document_get_item (document, EQS_ITEM_NOTE, i);
      const double  left = eqs_map_get_number (note, "x", 0), top = eqs_map_get_number (note, "y", 0);

      if (x >= left && x <= left + eqs_map_get_number (note, "width", EQS_NOTE_WIDTH) && y >= top && y <= top + eqs_plan_note_height (note) + 20)
        {
          hit->kind = EQS_ITEM_NOTE;
          hit->item = note;
        }
    }
  for (guint i = eqs_document_get_n_items (document, EQS_ITEM_FRAME); i-- > 0 && hit->item == NULL; )
    {
      const EqsMap *frame = eqs_document_get_item (document, EQS_ITEM_FRAME, i);

      if (eqs_plan_frame_box (self->plan, frame, box) && x >= box[0] && x <= box[2] && y >= box[1] && y <= box[1] + EQS_FRAME_TITLE)
        {
          hit->kind = EQS_ITEM_FRAME;
          hit->item = frame;
        }
    }
}

gboolean
eqs_canvas_hit_bend (EqsCanvas *self, double x, double y, EqsHit *hit)
{
  g_return_val_if_fail (EQS_IS_CANVAS (self), FALSE);
  for (guint i = 0; i < self->plan->n_wires; i++)
    for (guint k = 0; k < self->plan->wires[i].n_bends; k++)
      if (hypot (self->plan->wires[i].bends[k][0] - x, self->plan->wires[i].bends[k][1] - y) <= BEND_REACH / MIN (self->zoom, 1))
        {
          hit->wire = (int) i;
          hit->bend = (int) k + 1;
          return TRUE;
        }
  return FALSE;
}

void
eqs_canvas_select_frame (EqsCanvas *self, const EqsMap *frame)
{
  g_return_if_fail (EQS_IS_CANVAS (self));

  const EqsValue *members = eqs_map_get (frame, "members");
  g_autoptr (GPtrArray) paths = g_ptr_array_new ();

  for (guint i = 0; members != NULL && i < eqs_value_get_length (members); i++)
    if (eqs_value_get_string (eqs_value_get_item (members, i)) != NULL)
      g_ptr_array_add (paths, (gpointer) eqs_value_get_string (eqs_value_get_item (members, i)));
  g_ptr_array_add (paths, NULL);
  eqs_session_select (self->session, (const char *const *) paths->pdata);
}

/* ---- bends ---- */

static void
write_bends (EqsCanvas *self, int at)
{
  const EqsPlanWire *wire = &self->plan->wires[at];
  g_autofree char   *from = g_strdup_printf ("%s.%s", wire->link->from_node, wire->link->from_port), *to = g_strdup_printf ("%s.%s", wire->link->to_node, wire->link->to_port);
  EqsHistory        *history = eqs_session_get_history (self->session);

  eqs_history_seal (history);
  eqs_session_do (self->session, eqs_command_new_bends (self->plan->scope, from, to, (const double (*)[2]) wire->bends, wire->n_bends));
  eqs_history_seal (history);
}

/* Between the bends whose piece of the line is nearest. */
static guint
place_of (const EqsPlanWire *wire, double x, double y)
{
  guint  best = 0;
  double least = G_MAXDOUBLE;

  for (guint i = 0; i <= wire->n_bends && wire->route.kind == EQS_ROUTE_BENT; i++)
    {
      const EqsRoute piece = { EQS_ROUTE_STRAIGHT, 2, { { wire->route.p[i][0], wire->route.p[i][1] }, { wire->route.p[i + 1][0], wire->route.p[i + 1][1] } } };
      const double   distance = eqs_route_distance (&piece, x, y);

      if (distance < least)
        {
          least = distance;
          best = i;
        }
    }
  return best;
}

gboolean
eqs_canvas_begin_bend (EqsCanvas *self, int at, double x, double y)
{
  g_return_val_if_fail (EQS_IS_CANVAS (self), FALSE);

  EqsPlanWire *wire = &self->plan->wires[at];
  guint        place;

  if (wire->n_bends >= EQS_MAX_BENDS)
    {
      eqs_session_message (self->session, "%s", _("A wire can be led over four points at most."));
      return FALSE;
    }
  place = place_of (wire, x, y);
  memmove (wire->bends[place + 1], wire->bends[place], sizeof (double[2]) * (wire->n_bends - place));
  wire->n_bends++;
  self->held_wire = at;
  self->held_bend = (int) place;
  eqs_canvas_drag_bend (self, x, y);
  return TRUE;
}

void
eqs_canvas_drag_bend (EqsCanvas *self, double x, double y)
{
  g_return_if_fail (EQS_IS_CANVAS (self));

  EqsPlanWire *wire = &self->plan->wires[self->held_wire];

  wire->bends[self->held_bend][0] = round (x / EQS_GRID) * EQS_GRID;
  wire->bends[self->held_bend][1] = round (y / EQS_GRID) * EQS_GRID;
  eqs_plan_route_plain (self->plan, (guint) self->held_wire);
  eqs_plan_measure (self->plan);
  g_clear_pointer (&self->wires, gsk_render_node_unref);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
eqs_canvas_finish_bend (EqsCanvas *self)
{
  g_return_if_fail (EQS_IS_CANVAS (self));
  write_bends (self, self->held_wire);
}

void
eqs_canvas_remove_bend (EqsCanvas *self, int at, int bend)
{
  g_return_if_fail (EQS_IS_CANVAS (self));

  EqsPlanWire *wire = &self->plan->wires[at];

  memmove (wire->bends[bend - 1], wire->bends[bend], sizeof (double[2]) * (wire->n_bends - (guint) bend));
  wire->n_bends--;
  write_bends (self, at);
}

static gboolean
touches_selection (EqsCanvas *self, const EqsPlanWire *wire, gboolean only_from)
{
  return eqs_session_is_selected (self->session, self->plan->cards[wire->from].path) || (!only_from && eqs_session_is_selected (self->session, self->plan->cards[wire->to].path));
}

/* By keyboard: the first straight wire out of the selection goes over a point below its middle. */
static void
bend_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  EqsCanvas *self = EQS_CANVAS (widget);

  for (guint i = 0; i < self->plan->n_wires; i++)
    {
      const EqsRoute *route = &self->plan->wires[i].route;

      if (!touches_selection (self, &self->plan->wires[i], TRUE) || self->plan->wires[i].n_bends > 0)
        continue;
      if (eqs_canvas_begin_bend (self, (int) i, (route->p[0][0] + route->p[route->n - 1][0]) / 2, MAX (route->p[0][1], route->p[route->n - 1][1]) + 40))
        eqs_canvas_finish_bend (self);
      return;
    }
  eqs_session_message (self->session, "%s", _("Select a layer with a wire out of it that is not led over a point yet."));
}

void
eqs_canvas_straighten (EqsCanvas *self, gboolean all)
{
  g_return_if_fail (EQS_IS_CANVAS (self));

  gboolean found = TRUE;

  /* The plan is made anew with each. */
  while (found)
    {
      found = FALSE;
      for (guint i = 0; i < self->plan->n_wires && !found; i++)
        if (self->plan->wires[i].n_bends > 0 && (all || touches_selection (self, &self->plan->wires[i], FALSE)))
          {
            found = TRUE;
            self->plan->wires[i].n_bends = 0;
            write_bends (self, (int) i);
          }
    }
}

static void
straighten_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  EqsCanvas  *self = EQS_CANVAS (widget);
  EqsHistory *history = eqs_session_get_history (self->session);

  eqs_history_begin_group (history, _("Straighten the wires"));
  eqs_canvas_straighten (self, eqs_session_get_n_selected (self->session) == 0);
  eqs_history_end_group (history);
}

GPtrArray *
eqs_canvas_moved_bends (EqsCanvas *self, double dx, double dy)
{
  g_return_val_if_fail (EQS_IS_CANVAS (self), NULL);

  GPtrArray *commands = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < self->plan->n_wires; i++)
    {
      const EqsPlanWire *wire = &self->plan->wires[i];
      double             points[EQS_MAX_BENDS][2];
      g_autofree char   *from = NULL, *to = NULL;

      if (wire->n_bends == 0 || !eqs_session_is_selected (self->session, self->plan->cards[wire->from].path) || !eqs_session_is_selected (self->session, self->plan->cards[wire->to].path))
        continue;
      for (guint k = 0; k < wire->n_bends; k++)
        {
          points[k][0] = wire->bends[k][0] + dx;
          points[k][1] = wire->bends[k][1] + dy;
        }
      from = g_strdup_printf ("%s.%s", wire->link->from_node, wire->link->from_port);
      to = g_strdup_printf ("%s.%s", wire->link->to_node, wire->link->to_port);
      g_ptr_array_add (commands, eqs_command_new_bends (self->plan->scope, from, to, (const double (*)[2]) points, wire->n_bends));
    }
  return commands;
}

/* ---- editors ---- */

typedef struct { EqsCanvas *canvas; EqsItemKind kind; char *id; GtkWidget *popover, *input; gboolean removed; } Editor;

static void
editor_free (gpointer data)
{
  Editor *editor = data;

  g_free (editor->id);
  g_free (editor);
}

static void
commit_cb (GtkPopover *popover, Editor *editor)
{
  EqsCanvas       *self = editor->canvas;
  EqsDocument     *document = self->session == NULL ? NULL : eqs_session_get_document (self->session);
  const int        at = document == NULL || editor->removed ? -1 : eqs_document_find_item (document, editor->kind, editor->id);
  g_autofree char *text = NULL;

  if (at < 0)
    return;
  if (GTK_IS_TEXT_VIEW (editor->input))
    g_object_get (gtk_text_view_get_buffer (GTK_TEXT_VIEW (editor->input)), "text", &text, NULL);
  else
    text = g_strdup (gtk_editable_get_text (GTK_EDITABLE (editor->input)));
  if (strcmp (text, eqs_item_get_text (eqs_document_get_item (document, editor->kind, (guint) at), editor->kind)) != 0)
    eqs_session_set_item_text (self->session, editor->kind, editor->id, text);
}

static void
done_cb (GtkWidget *button, Editor *editor)
{
  gtk_popover_popdown (GTK_POPOVER (editor->popover));
}

static void
remove_cb (GtkButton *button, Editor *editor)
{
  editor->removed = TRUE;
  eqs_session_remove_item (editor->canvas->session, editor->kind, editor->id);
  gtk_popover_popdown (GTK_POPOVER (editor->popover));
}

static GtkWidget *
make_input (Editor *editor, const char *text, const char *name)
{
  GtkWidget *scroll;

  if (editor->kind == EQS_ITEM_FRAME)
    {
      editor->input = gtk_entry_new ();
      gtk_editable_set_text (GTK_EDITABLE (editor->input), text);
      gtk_editable_set_width_chars (GTK_EDITABLE (editor->input), 28);
      g_signal_connect (editor->input, "activate", G_CALLBACK (done_cb), editor);
      eqs_set_name (editor->input, name);
      return editor->input;
    }
  editor->input = gtk_text_view_new ();
  gtk_text_view_set_wrap_mode (GTK_TEXT_VIEW (editor->input), GTK_WRAP_WORD_CHAR);
  gtk_text_view_set_accepts_tab (GTK_TEXT_VIEW (editor->input), FALSE);
  gtk_text_view_set_left_margin (GTK_TEXT_VIEW (editor->input), 8);
  gtk_text_view_set_top_margin (GTK_TEXT_VIEW (editor->input), 6);
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (GTK_TEXT_VIEW (editor->input)), text, -1);
  eqs_set_name (editor->input, name);
  scroll = eqs_scrolled_new (editor->input, name);
  gtk_widget_add_css_class (scroll, "eq-note-editor");
  gtk_widget_set_size_request (scroll, 280, 130);
  return scroll;
}

void
eqs_canvas_edit_item (EqsCanvas *self, EqsItemKind kind, const char *id)
{
  g_return_if_fail (EQS_IS_CANVAS (self));

  EqsDocument  *document = eqs_session_get_document (self->session);
  const int     index = eqs_document_find_item (document, kind, id);
  const EqsMap *item = index < 0 ? NULL : eqs_document_get_item (document, kind, (guint) index);
  const char   *name = kind == EQS_ITEM_FRAME ? _("Title of the frame") : _("Text of the note");
  Editor       *editor;
  GtkWidget    *box, *line, *button;
  double        frame[4] = { 0 }, x, y;

  if (item == NULL)
    return;
  eqs_session_set_scope (self->session, "");
  if (kind == EQS_ITEM_FRAME)
    eqs_plan_frame_box (self->plan, item, frame);
  editor = g_new0 (Editor, 1);
  editor->canvas = self;
  editor->kind = kind;
  editor->id = g_strdup (id);
  editor->popover = gtk_popover_new ();
  box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8);
  line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  gtk_box_append (GTK_BOX (box), make_input (editor, eqs_item_get_text (item, kind), name));
  button = gtk_button_new_with_label (kind == EQS_ITEM_FRAME ? _("Remove the frame") : _("Delete the note"));
  g_signal_connect (button, "clicked", G_CALLBACK (remove_cb), editor);
  gtk_box_append (GTK_BOX (line), button);
  if (kind == EQS_ITEM_NOTE)
    {
      GtkWidget *hint = eqs_text_new (_("**two stars** make bold"), "eq-caption");

      gtk_widget_set_hexpand (hint, TRUE);
      gtk_box_append (GTK_BOX (line), hint);
    }
  button = gtk_button_new_with_label (_("Done"));
  gtk_widget_add_css_class (button, "suggested-action");
  gtk_widget_set_hexpand (button, kind == EQS_ITEM_FRAME);
  gtk_widget_set_halign (button, GTK_ALIGN_END);
  g_signal_connect (button, "clicked", G_CALLBACK (done_cb), editor);
  gtk_box_append (GTK_BOX (line), button);
  gtk_box_append (GTK_BOX (box), line);
  gtk_popover_set_child (GTK_POPOVER (editor->popover), box);
  eqs_set_name (editor->popover, name);
  g_object_set_data_full (G_OBJECT (editor->popover), "editor", editor, editor_free);
  g_signal_connect (editor->popover, "closed", G_CALLBACK (commit_cb), editor);
  if (kind == EQS_ITEM_FRAME)
    eqs_canvas_from_design (self, frame[0] + 60, frame[1] + EQS_FRAME_TITLE, &x, &y);
  else
    eqs_canvas_from_design (self, eqs_map_get_number (item, "x", 0) + 60, eqs_map_get_number (item, "y", 0) + eqs_plan_note_height (item) + 20, &x, &y);
  eqs_canvas_place_popover (self, editor->popover, CLAMP (x, 8, gtk_widget_get_width (GTK_WIDGET (self)) - 8), CLAMP (y, 8, gtk_widget_get_height (GTK_WIDGET (self)) - 8));
  gtk_widget_grab_focus (editor->input);
}

static void
edit_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  const char *kind, *id;

  g_variant_get (parameter, "(&s&s)", &kind, &id);
  eqs_canvas_edit_item (EQS_CANVAS (widget), strcmp (kind, "frame") == 0 ? EQS_ITEM_FRAME : EQS_ITEM_NOTE, id);
}

static void
frame_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  EqsCanvas       *self = EQS_CANVAS (widget);
  g_autofree char *id = eqs_session_add_frame (self->session);

  if (id != NULL && gtk_widget_get_mapped (widget))
    eqs_canvas_edit_item (self, EQS_ITEM_FRAME, id);
}

static void
note_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  EqsCanvas       *self = EQS_CANVAS (widget);
  g_autofree char *id = NULL;
  double           x, y;

  eqs_session_set_scope (self->session, "");
  eqs_canvas_to_design (self, gtk_widget_get_width (widget) / 2.0, gtk_widget_get_height (widget) / 2.0, &x, &y);
  id = eqs_session_add_note (self->session, _("**Note**"), EQS_GRID * round (x / EQS_GRID), EQS_GRID * round (y / EQS_GRID));
  if (id != NULL && gtk_widget_get_mapped (widget))
    eqs_canvas_edit_item (self, EQS_ITEM_NOTE, id);
}

void
eqs_canvas_class_install_items (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "canvas.frame", NULL, frame_action);
  gtk_widget_class_install_action (widget_class, "canvas.note", NULL, note_action);
  gtk_widget_class_install_action (widget_class, "canvas.edit-item", "(ss)", edit_action);
  gtk_widget_class_install_action (widget_class, "canvas.bend", NULL, bend_action);
  gtk_widget_class_install_action (widget_class, "canvas.straighten", NULL, straighten_action);
}
