/* Places: arrows, aligning, distributing, the tidy layout. Each is one undo step of moves. */

#include "widgets/canvas/canvas-private.h"

#include "model/layout.h"
#include "studio/items.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The selected cards; (transfer container) */
static GPtrArray *
selected_cards (EqsCanvas *self)
{
  GPtrArray *cards = g_ptr_array_new ();

  for (const char *const *path = eqs_session_get_selection (self->session); *path != NULL; path++)
    {
      const char *slash = strrchr (*path, '/');
      const int   at = eqs_plan_find (self->plan, slash == NULL ? *path : slash + 1);

      if (at >= 0)
        g_ptr_array_add (cards, &self->plan->cards[at]);
    }
  return cards;
}

/* @param xy [cards, 2]  @param seal  a step of its own; else absorbed by the next of the same cards */
static void
move_to (EqsCanvas *self, GPtrArray *cards, const double *xy, gboolean seal)
{
  g_autoptr (GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);
  EqsHistory *history = eqs_session_get_history (self->session);

  for (guint i = 0; i < cards->len; i++)
    g_ptr_array_add (paths, g_strdup (((EqsPlanCard *) g_ptr_array_index (cards, i))->path));
  g_ptr_array_add (paths, NULL);
  if (seal)
    eqs_history_seal (history);
  eqs_session_do (self->session, eqs_command_new_move ((const char *const *) paths->pdata, xy));
  if (seal)
    eqs_history_seal (history);
}

void
eqs_canvas_move_selection (EqsCanvas *self, const double *xy, double dx, double dy)
{
  g_return_if_fail (EQS_IS_CANVAS (self));

  EqsHistory            *history = eqs_session_get_history (self->session);
  g_autoptr (GPtrArray)  cards = selected_cards (self), bends = eqs_canvas_moved_bends (self, dx, dy);

  if (bends->len == 0)
    {
      move_to (self, cards, xy, FALSE);
      return;
    }
  eqs_history_begin_group (history, _("Move"));
  move_to (self, cards, xy, FALSE);
  while (bends->len > 0)
    eqs_session_do (self->session, g_ptr_array_steal_index (bends, 0));
  eqs_history_end_group (history);
}

static gboolean
step_cb (GtkWidget *widget, GVariant *args, gpointer data)
{
  EqsCanvas *self = EQS_CANVAS (widget);
  g_autoptr (GPtrArray) cards = selected_cards (self);
  g_autofree double    *xy = g_new0 (double, 2 * cards->len + 2);
  double dx, dy;

  g_variant_get (args, "(dd)", &dx, &dy);
  for (guint i = 0; i < cards->len; i++)
    {
      xy[2 * i] = ((EqsPlanCard *) g_ptr_array_index (cards, i))->x + dx;
      xy[2 * i + 1] = ((EqsPlanCard *) g_ptr_array_index (cards, i))->y + dy;
    }
  if (cards->len == 0)
    eqs_canvas_pan (self, -4 * dx, -4 * dy);
  else
    eqs_canvas_move_selection (self, xy, dx, dy);
  return TRUE;
}

/* Which part of a card goes where: -1 its smallest edge, 0 its middle, 1 its largest. */
static const struct { const char *action; gboolean y; int edge; } alignments[] = {
  { "canvas.align-left", FALSE, -1 }, { "canvas.align-centre", FALSE, 0 }, { "canvas.align-right", FALSE, 1 },
  { "canvas.align-top", TRUE, -1 }, { "canvas.align-middle", TRUE, 0 }, { "canvas.align-bottom", TRUE, 1 },
};

static double
edge_of (const EqsPlanCard *card, gboolean y, int edge)
{
  const double start = y ? card->y : card->x, size = y ? card->height : EQS_CARD_WIDTH;

  return start + (edge + 1) * size / 2;
}

static void
align_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  EqsCanvas *self = EQS_CANVAS (widget);
  g_autoptr (GPtrArray) cards = selected_cards (self);
  g_autofree double    *xy = g_new0 (double, 2 * cards->len + 2);
  double low = G_MAXDOUBLE, high = -G_MAXDOUBLE, line;
  guint  which = 0;

  while (strcmp (alignments[which].action, name) != 0)
    which++;
  for (guint i = 0; i < cards->len; i++)
    {
      low = MIN (low, edge_of (g_ptr_array_index (cards, i), alignments[which].y, -1));
      high = MAX (high, edge_of (g_ptr_array_index (cards, i), alignments[which].y, 1));
    }
  line = alignments[which].edge < 0 ? low : alignments[which].edge > 0 ? high : (low + high) / 2;
  for (guint i = 0; i < cards->len; i++)
    {
      const EqsPlanCard *card = g_ptr_array_index (cards, i);
      const double       by = line - edge_of (card, alignments[which].y, alignments[which].edge);

      xy[2 * i] = card->x + (alignments[which].y ? 0 : by);
      xy[2 * i + 1] = card->y + (alignments[which].y ? by : 0);
    }
  if (cards->len > 1)
    move_to (self, cards, xy, TRUE);
}

static int
by_x (gconstpointer a, gconstpointer b)
{
  const EqsPlanCard *first = *(EqsPlanCard *const *) a, *second = *(EqsPlanCard *const *) b;

  return first->x < second->x ? -1 : first->x > second->x;
}

static int
by_y (gconstpointer a, gconstpointer b)
{
  const EqsPlanCard *first = *(EqsPlanCard *const *) a, *second = *(EqsPlanCard *const *) b;

  return first->y < second->y ? -1 : first->y > second->y;
}

/* The outer two stay; the gaps between all become equal. */
static void
distribute_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  EqsCanvas     *self = EQS_CANVAS (widget);
  const gboolean y = strcmp (name, "canvas.distribute-column") == 0;
  g_autoptr (GPtrArray) cards = selected_cards (self);
  g_autofree double    *xy = g_new0 (double, 2 * cards->len + 2);
  double sizes = 0, gap, at;

  if (cards->len < 3)
    return;
  g_ptr_array_sort (cards, y ? by_y : by_x);
  for (guint i = 0; i < cards->len; i++)
    sizes += y ? ((EqsPlanCard *) g_ptr_array_index (cards, i))->height : EQS_CARD_WIDTH;
  at = edge_of (g_ptr_array_index (cards, 0), y, -1);
  gap = (edge_of (g_ptr_array_index (cards, cards->len - 1), y, 1) - at - sizes) / (cards->len - 1);
  for (guint i = 0; i < cards->len; i++)
    {
      const EqsPlanCard *card = g_ptr_array_index (cards, i);

      xy[2 * i] = y ? card->x : at;
      xy[2 * i + 1] = y ? at : card->y;
      at += gap + (y ? card->height : EQS_CARD_WIDTH);
    }
  move_to (self, cards, xy, TRUE);
}

/* ---- the tidy layout ---- */

/* Where a note stands by the card that is nearest to it, so that it can go with that card. */
typedef struct { char *id; int card; double dx, dy, width, height; } Held;

static void
held_clear (gpointer data)
{
  g_free (((Held *) data)->id);
}

/* (transfer full) */
static GArray *
hold_notes (EqsCanvas *self)
{
  GArray      *held = g_array_new (FALSE, FALSE, sizeof (Held));
  EqsDocument *document = eqs_session_get_document (self->session);
  const guint  n = self->plan->scope[0] == '\0' ? eqs_document_get_n_items (document, EQS_ITEM_NOTE) : 0;

  g_array_set_clear_func (held, held_clear);
  for (guint i = 0; i < n; i++)
    {
      const EqsMap *note = eqs_document_get_item (document, EQS_ITEM_NOTE, i);
      const double  x = eqs_map_get_number (note, "x", 0), y = eqs_map_get_number (note, "y", 0);
      Held          one = { g_strdup (eqs_map_get_string (note, "id", "")), 0, 0, 0, eqs_map_get_number (note, "width", EQS_NOTE_WIDTH), eqs_plan_note_height (note) };
      double        best = G_MAXDOUBLE;

      for (guint k = 0; k < self->plan->n_cards; k++)
        {
          const EqsPlanCard *card = &self->plan->cards[k];
          const double gap_x = MAX (MAX (card->x - (x + one.width), x - (card->x + EQS_CARD_WIDTH)), 0);
          const double gap_y = MAX (MAX (card->y - (y + one.height), y - (card->y + card->height)), 0);

          if (hypot (gap_x, gap_y) < best)
            {
              best = hypot (gap_x, gap_y);
              one.card = (int) k;
              one.dx = x - card->x;
              one.dy = y - card->y;
            }
        }
      g_array_append_val (held, one);
    }
  return held;
}

static gboolean
boxes_meet (const double a[4], const double b[4])
{
  return a[0] < b[2] && a[2] > b[0] && a[1] < b[3] && a[3] > b[1];
}

/* Whether a note would lie on a card, in a frame, or on a note that has its place already. */
static gboolean
is_taken (EqsCanvas *self, const double box[4], GArray *notes)
{
  EqsDocument *document = eqs_session_get_document (self->session);
  const guint  n_frames = self->plan->scope[0] == '\0' ? eqs_document_get_n_items (document, EQS_ITEM_FRAME) : 0;
  double       other[4];

  for (guint i = 0; i < self->plan->n_cards; i++)
    {
      const EqsPlanCard *card = &self->plan->cards[i];

      if (boxes_meet (box, (double[4]) { card->x, card->y, card->x + EQS_CARD_WIDTH, card->y + card->height }))
        return TRUE;
    }
  for (guint i = 0; i < n_frames; i++)
    if (eqs_plan_frame_box (self->plan, eqs_document_get_item (document, EQS_ITEM_FRAME, i), other) && boxes_meet (box, other))
      return TRUE;
  for (guint i = 0; i < notes->len; i++)
    if (boxes_meet (box, &g_array_index (notes, double, 4 * i)))
      return TRUE;
  return FALSE;
}

/* Notes keep their distance from their card, or stand as near to that as there is room. */
static void
place_notes (EqsCanvas *self, GArray *held)
{
  g_autoptr (GArray) placed = g_array_new (FALSE, FALSE, 4 * sizeof (double));

  for (guint i = 0; i < held->len && self->plan->n_cards > 0; i++)
    {
      const Held *one = &g_array_index (held, Held, i);
      const double x = self->plan->cards[one->card].x + one->dx, y = self->plan->cards[one->card].y + one->dy;
      double       box[4];
      gboolean     found = FALSE;

      for (int ring = 0; !found && ring < 60; ring++)
        for (int k = 0; !found && k < (ring == 0 ? 1 : 8); k++)
          {
            /* Above and below first: rows have more room between them than columns. */
            static const int way[8][2] = { { 0, -1 }, { 0, 1 }, { -1, 0 }, { 1, 0 }, { -1, -1 }, { 1, -1 }, { -1, 1 }, { 1, 1 } };

            box[0] = x + 2 * EQS_GRID * ring * way[k][0];
            box[1] = y + 2 * EQS_GRID * ring * way[k][1];
            box[2] = box[0] + one->width;
            box[3] = box[1] + one->height;
            found = !is_taken (self, box, placed);
          }
      if (!found)
        continue;
      g_array_append_vals (placed, box, 1);
      eqs_session_move_note (self->session, one->id, box[0], box[1]);
    }
}

/* The selection, if it is more than one card, or else everything. */
static void
tidy_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  EqsCanvas            *self = EQS_CANVAS (widget);
  EqsHistory           *history = eqs_session_get_history (self->session);
  g_autoptr (GPtrArray) cards = selected_cards (self);
  g_autoptr (GArray)    held = NULL;
  const guint           n = self->plan->n_cards;
  const gboolean        all = cards->len < 2 || cards->len == n;
  g_autofree double    *xy = g_new0 (double, 2 * n + 2), *places = g_new0 (double, 2 * n + 2);
  g_autofree gboolean  *chosen = g_new0 (gboolean, n + 1);
  double                left = G_MAXDOUBLE, top = G_MAXDOUBLE;

  if (n == 0)
    return;
  if (all)
    g_ptr_array_set_size (cards, 0);
  for (guint i = 0; all && i < n; i++)
    g_ptr_array_add (cards, &self->plan->cards[i]);
  for (guint i = 0; i < cards->len; i++)
    {
      const EqsPlanCard *card = g_ptr_array_index (cards, i);

      chosen[card - self->plan->cards] = TRUE;
      left = MIN (left, card->x);
      top = MIN (top, card->y);
    }
  eqs_layout_compute (self->plan->scope[0] == '\0' ? eqs_session_get_document (self->session) : NULL, self->plan->graph, chosen, 0, xy);
  for (guint i = 0; i < cards->len; i++)
    {
      const gsize at = (gsize) ((EqsPlanCard *) g_ptr_array_index (cards, i) - self->plan->cards);

      places[2 * i] = xy[2 * at] + (all ? 0 : left);
      places[2 * i + 1] = xy[2 * at + 1] + (all ? 0 : top);
    }
  held = hold_notes (self);
  eqs_history_begin_group (history, _("Tidy the layout"));
  move_to (self, cards, places, TRUE);
  /* Where everything stands elsewhere, the detours of wires mean nothing any more. */
  eqs_canvas_straighten (self, all);
  if (all)
    place_notes (self, held);
  eqs_history_end_group (history);
  if (all)
    eqs_canvas_fit (self, FALSE);
}

void
eqs_canvas_class_install_arrange (GtkWidgetClass *widget_class)
{
  static const struct { guint key; double dx, dy; } arrows[] = { { GDK_KEY_Left, -1, 0 }, { GDK_KEY_Right, 1, 0 }, { GDK_KEY_Up, 0, -1 }, { GDK_KEY_Down, 0, 1 } };

  for (guint i = 0; i < G_N_ELEMENTS (alignments); i++)
    gtk_widget_class_install_action (widget_class, alignments[i].action, NULL, align_action);
  gtk_widget_class_install_action (widget_class, "canvas.distribute-row", NULL, distribute_action);
  gtk_widget_class_install_action (widget_class, "canvas.distribute-column", NULL, distribute_action);
  gtk_widget_class_install_action (widget_class, "canvas.tidy", NULL, tidy_action);
  for (guint i = 0; i < G_N_ELEMENTS (arrows); i++)
    {
      gtk_widget_class_add_binding (widget_class, arrows[i].key, 0, step_cb, "(dd)", arrows[i].dx * EQS_GRID, arrows[i].dy * EQS_GRID);
      gtk_widget_class_add_binding (widget_class, arrows[i].key, GDK_SHIFT_MASK, step_cb, "(dd)", 5 * arrows[i].dx * EQS_GRID, 5 * arrows[i].dy * EQS_GRID);
    }
}
